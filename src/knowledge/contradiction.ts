import type { Language } from '../language.ts';
import { splitSentences } from './sentences.ts';
import { stemsOf } from './tokenize.ts';

/** From this share of common words on, two sentences speak of the same thing. */
const sameMatter = 0.5;

/**
 * Whether two texts say different figures about the same thing: a pair of sentences that share most of their words
 * but not their numbers. A hint for a person, never proof.
 */
export function contradicts(one: string, other: string, language: Language): boolean {
	const others = splitSentences(other, language).map(sentence => describe(sentence, language));
	return splitSentences(one, language)
		.map(sentence => describe(sentence, language))
		.some(a => others.some(b => isSameMatter(a.stems, b.stems) && differ(a.numbers, b.numbers)));
}

interface Described {
	stems: Set<string>;
	numbers: Set<string>;
}

function describe(sentence: string, language: Language): Described {
	return {
		stems: new Set(stemsOf(sentence, language).filter(stem => !/\d/.test(stem))),
		numbers: new Set(sentence.match(/\d+(?:[.,]\d+)*/g) ?? []),
	};
}

function isSameMatter(a: Set<string>, b: Set<string>): boolean {
	return a.intersection(b).size / Math.max(1, Math.min(a.size, b.size)) >= sameMatter && Math.min(a.size, b.size) >= 3;
}

/** Both name figures, and have none in common. */
const differ = (a: Set<string>, b: Set<string>) => a.size > 0 && b.size > 0 && a.isDisjointFrom(b);
