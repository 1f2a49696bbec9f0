/**
 * A pattern whose letters match in either case. V8's own `(?i:…)` now and then matches nothing in a process that has run long:
 * the same text, the same expression.
 */
export function anyCase(pattern: string): string {
	return pattern.replace(/\\p\{[^}]*\}|\\.|\[[^\]]*\]|\p{L}/gu, part => {
		if (part.startsWith('\\')) return part;
		if (part.startsWith('[')) return `[${part.slice(1, -1)}${part.slice(1, -1).toUpperCase()}]`;
		const [lower, upper] = [part.toLowerCase(), part.toUpperCase()];
		return upper.length === 1 && upper !== lower ? `[${lower}${upper}]` : part;
	});
}
