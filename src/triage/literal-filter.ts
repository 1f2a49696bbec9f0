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
	/** A bit for each key, some shared. */
	const mayBegin = new Int32Array(filterSize / 32);
	for (const [pattern, literals] of needed.entries()) {
		if (!literals || literals.some(({ length }) => length < keyLength)) {
			always.push(pattern);
			continue;
		}
		for (const literal of literals) {
			const key = keyOf(literal.charCodeAt(0), literal.charCodeAt(1), literal.charCodeAt(2));
			const word = (key % filterSize) >>> 5;
			mayBegin[word] = (mayBegin[word] as number) | (1 << (key & 31));
			const same = literalsByKey.get(key);
			if (same) same.push({ literal, pattern });
			else literalsByKey.set(key, [{ literal, pattern }]);
		}
	}
	return text => {
		const found = new Set(always);
		let second = text.charCodeAt(0);
		let third = text.charCodeAt(1);
		for (let start = 0; start + keyLength <= text.length; start++) {
			const first = second;
			second = third;
			third = text.charCodeAt(start + 2);
			const key = keyOf(first, second, third);
			if ((((mayBegin[(key % filterSize) >>> 5] as number) >>> (key & 31)) & 1) === 0) continue;
			for (const { literal, pattern } of literalsByKey.get(key) ?? []) {
				if (!found.has(pattern) && text.startsWith(literal, start)) found.add(pattern);
			}
		}
		return [...found].sort((one, other) => one - other);
	};
}

const keyLength = 3;
const filterSize = 2 ** 17;

function keyOf(first: number, second: number, third: number): number {
	return (first * 61 + second) * 61 + third;
}
