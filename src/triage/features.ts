// A message as two bags of hashed features. Character n-grams inside words carry typos, inflection and German compounds;
// words and their pairs carry the want.

/** Two groups, each scaled to its own length later, so that the many character n-grams do not drown the few words. */
export interface Features {
	/** Hashes of words and of word pairs (also over one word in between), with how often each occurs. */
	words: Map<number, number>;
	/** Hashes of the 3- to 5-grams of characters inside words, with how often each occurs. */
	characters: Map<number, number>;
}

export function extractFeatures(text: string): Features {
	const tokens = ['^', ...tokenize(text), '$'];
	const words = new Map<number, number>();
	const characters = new Map<number, number>();
	for (const [i, token] of tokens.entries()) {
		count(words, hash(token, 1));
		const next = tokens[i + 1];
		const afterNext = tokens[i + 2];
		if (next !== undefined) count(words, hash(`${token} ${next}`, 2));
		if (afterNext !== undefined) count(words, hash(`${token} ${afterNext}`, 3));
		if (!startsWithLetter.test(token)) continue;
		const bounded = `<${token}>`;
		for (let size = 3; size <= 5; size++) {
			for (let start = 0; start + size <= bounded.length; start++)
				count(characters, hash(bounded, 4, start, start + size));
		}
	}
	return { words, characters };
}

/** Folded words; links, addresses and numbers become one token each, because which number it was says nothing of the want. */
export function tokenize(text: string): string[] {
	return (
		fold(text)
			.replace(/https?:\/\/\S+|www\.\S+/g, ' §url ')
			.replace(/\S+@\S+\.\S+/g, ' §mail ')
			.replace(/[\p{L}\p{N}]*\d[\p{L}\p{N}]*/gu, digits => (digits.length > 4 ? ' §code ' : ' §number '))
			.match(/§\p{L}+|\p{L}+(?:'\p{L}+)*|\p{Extended_Pictographic}|[?!$€£%]/gu) ?? []
	);
}

/** Lower case without accents, so that "dévolution", "DEVOLUTION" and "devolution" are one word. */
export function fold(text: string): string {
	return text
		.normalize('NFKD')
		.replace(/\p{M}+/gu, '')
		.replace(/ß/g, 'ss')
		.replace(/[’`´]/g, "'")
		.toLowerCase();
}

const startsWithLetter = /^\p{L}/u;

function count(counts: Map<number, number>, key: number): void {
	counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** FNV-1a with a final mix, as a 31-bit integer; `seed` keeps kinds of features apart. */
function hash(text: string, seed: number, start = 0, end = text.length): number {
	let value = 0x811c9dc5 ^ seed;
	for (let i = start; i < end; i++) {
		value ^= text.charCodeAt(i);
		value = Math.imul(value, 0x01000193);
	}
	value ^= value >>> 15;
	value = Math.imul(value, 0x85ebca6b);
	value ^= value >>> 13;
	return value & 0x7fffffff;
}
