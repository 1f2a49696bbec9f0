/**
 * A pattern whose letters match in either case. In place of `(?i:…)`, with which names in long test processes now and then were
 * not found, in texts in which they are found otherwise; why is not known.
 */
export function anyCase(pattern: string): string {
	return pattern.replace(/\\p\{[^}]*\}|\\.|\[[^\]]*\]|\p{L}/gu, part => {
		if (part.startsWith('\\')) return part;
		if (part.startsWith('[')) return `[${part.slice(1, -1)}${part.slice(1, -1).toUpperCase()}]`;
		const [lower, upper] = [part.toLowerCase(), part.toUpperCase()];
		return upper.length === 1 && upper !== lower ? `[${lower}${upper}]` : part;
	});
}
