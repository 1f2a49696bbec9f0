import type { NeededLiterals } from './needed-literals.ts';

/** Which of the patterns may match a text in lower case, by their numbers in rising order. */
export type LiteralFilter = (text: string) => number[];

/**
 * Looks for every pattern's literals at once, by their first three characters: of a hundred patterns two are left to try.
 * @param needed what each pattern needs; a pattern that needs nothing, or less than three characters, is always tried.
 */
export function createLiteralFilter(needed: readonly NeededLiterals[]): LiteralFilter {
	const always: number[] = [];
	const literalsByKey = new Map<number, { literal: string; pattern: number }[]>();
	const mayBegin = new Uint8Array(filterSize);
	for (const [pattern, literals] of needed.entries()) {
		if (!literals || literals.some(({ length }) => length < keyLength)) {
			always.push(pattern);
			continue;
		}
		for (const literal of literals) {
			const key = keyAt(literal, 0);
			mayBegin[key % filterSize] = 1;
			const same = literalsByKey.get(key);
			if (same) same.push({ literal, pattern });
			else literalsByKey.set(key, [{ literal, pattern }]);
		}
	}
	return text => {
		const found = new Set(always);
		for (let start = 0; start + keyLength <= text.length; start++) {
			const key = keyAt(text, start);
			if (mayBegin[key % filterSize] === 0) continue;
			for (const { literal, pattern } of literalsByKey.get(key) ?? []) {
				if (!found.has(pattern) && text.startsWith(literal, start)) found.add(pattern);
			}
		}
		return [...found].sort((one, other) => one - other);
	};
}

const keyLength = 3;
const filterSize = 2 ** 13;

function keyAt(text: string, start: number): number {
	return (text.charCodeAt(start) * 31 + text.charCodeAt(start + 1)) * 31 + text.charCodeAt(start + 2);
}
