// A message as bags of hashed features. Character n-grams inside words carry typos, inflection and German compounds; words and
// their pairs carry the want; concepts carry what words nobody used in training mean.
import { createFeatureCounter, type Features } from './feature-counter.ts';

/** The groups of a message's features, in their order. */
export const featureGroups = [
	/** Words, and word pairs (also over one word in between). */
	'words',
	/** The 3- to 5-grams of characters inside words. */
	'characters',
	/** The concepts named. */
	'concepts',
	/** Two concepts close to each other, in either order. */
	'conceptPairs',
] as const;

/** @param said the message's tokens. @param concepts what they name, in order, with repetitions. */
export function extractFeatures(said: readonly string[], concepts: readonly string[]): Features {
	const tokens = ['^', ...said, '$'];
	addWords(tokens);
	counter.endGroup();
	for (const token of tokens) if (startsWithLetter.test(token)) addCharacters(`<${token}>`);
	counter.endGroup();
	for (const concept of concepts) counter.add(hash(concept, 5));
	counter.endGroup();
	addConceptPairs(concepts);
	counter.endGroup();
	return counter.take();
}

const counter = createFeatureCounter();

const startsWithLetter = /^\p{L}/u;

function addWords(tokens: readonly string[]) {
	for (const [i, token] of tokens.entries()) {
		counter.add(hash(token, 1));
		const next = tokens[i + 1];
		const afterNext = tokens[i + 2];
		if (next !== undefined) counter.add(hashOfPair(token, ' ', next, 2));
		if (afterNext !== undefined) counter.add(hashOfPair(token, ' ', afterNext, 3));
	}
}

function addCharacters(bounded: string) {
	for (let size = 3; size <= 5; size++) {
		for (let start = 0; start + size <= bounded.length; start++) {
			counter.add(hash(bounded, 4, start, start + size));
		}
	}
}

/** How many concepts further a pair may reach. */
const pairReach = 3;

function addConceptPairs(concepts: readonly string[]) {
	for (const [i, concept] of concepts.entries()) {
		for (let next = i + 1; next <= i + pairReach && next < concepts.length; next++) {
			const other = concepts[next] as string;
			if (other === concept) continue;
			counter.add(concept < other ? hashOfPair(concept, '+', other, 6) : hashOfPair(other, '+', concept, 6));
		}
	}
}

/** FNV-1a with a final mix, as a 31-bit integer; `seed` keeps kinds of features apart. */
function hash(text: string, seed: number, start = 0, end = text.length): number {
	return mixed(hashOn(offsetBasis ^ seed, text, start, end));
}

/** Of the three written one after the other, which need not be done. */
function hashOfPair(first: string, between: string, second: string, seed: number): number {
	const opened = hashOn(hashOn(offsetBasis ^ seed, first), between);
	return mixed(hashOn(opened, second));
}

const offsetBasis = 0x811c9dc5;

function hashOn(before: number, text: string, start = 0, end = text.length): number {
	let value = before;
	for (let i = start; i < end; i++) {
		value ^= text.charCodeAt(i);
		value = Math.imul(value, 0x01000193);
	}
	return value;
}

function mixed(hashed: number): number {
	let value = hashed;
	value ^= value >>> 15;
	value = Math.imul(value, 0x85ebca6b);
	value ^= value >>> 13;
	return value & 0x7fffffff;
}
