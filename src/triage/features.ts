// A message as bags of hashed features. Character n-grams inside words carry typos, inflection and German compounds; words and
// their pairs carry the want; concepts carry what words nobody used in training mean.
import type { FindConcepts } from './concepts.ts';
import { tokenize } from './tokenize.ts';

/** Groups that are each scaled to their own length later, so that the many character n-grams do not drown the few words. */
export interface Features {
	/** Hashes of words and of word pairs (also over one word in between), with how often each occurs. */
	words: Map<number, number>;
	/** Hashes of the 3- to 5-grams of characters inside words, with how often each occurs. */
	characters: Map<number, number>;
	/** Hashes of the concepts named, with how often each occurs. */
	concepts: Map<number, number>;
	/** Hashes of two concepts close to each other, in either order. */
	conceptPairs: Map<number, number>;
}

export function extractFeatures(text: string, findConcepts?: FindConcepts, language?: string): Features {
	const said = tokenize(text);
	const tokens = ['^', ...said, '$'];
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
	return { words, characters, ...conceptFeatures(findConcepts?.(said, language) ?? []) };
}

/** How many concepts further a pair may reach. */
const pairReach = 3;

function conceptFeatures(named: string[]): Pick<Features, 'concepts' | 'conceptPairs'> {
	const concepts = new Map<number, number>();
	const conceptPairs = new Map<number, number>();
	for (const [i, concept] of named.entries()) {
		count(concepts, hash(concept, 5));
		for (const other of named.slice(i + 1, i + 1 + pairReach)) {
			if (other !== concept)
				count(conceptPairs, hash(concept < other ? `${concept}+${other}` : `${other}+${concept}`, 6));
		}
	}
	return { concepts, conceptPairs };
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
