import type { Language } from '../language.ts';
import { splitSentences } from '../sentences.ts';
import { stemsOf } from './tokenize.ts';

/** From this share of common words on, two sentences speak of the same thing. */
const sameMatter = 0.5;
const fewestWords = 4;

/**
 * Whether two texts say different figures about the same thing: a pair of sentences that share most of their words, count
 * in the same unit, and do not have a number in common. A hint for a person, never proof.
 */
export function contradicts(one: string, other: string, language: Language): boolean {
	const others = splitSentences(other, language).map(sentence => describe(sentence, language));
	return splitSentences(one, language)
		.map(sentence => describe(sentence, language))
		.some(a => others.some(b => isSameMatter(a.stems, b.stems) && differ(a.figures, b.figures)));
}

interface Described {
	stems: Set<string>;
	/** Unit → the numbers that count it: `days` → 5; what follows a number is its unit. */
	figures: Map<string, Set<string>>;
}

function describe(sentence: string, language: Language): Described {
	const figures = new Map<string, Set<string>>();
	for (const [, number = '', after = ''] of sentence.matchAll(/(\d+(?:[.,]\d+)*)\s*(€|£|%|\p{L}+(?:\s\p{L}+)?)/gu)) {
		const unit = stemsOf(after, language).at(-1) ?? after.toLowerCase();
		figures.set(unit, (figures.get(unit) ?? new Set()).add(number));
	}
	return { stems: new Set(stemsOf(sentence, language).filter(stem => !/\d/.test(stem))), figures };
}

function isSameMatter(a: Set<string>, b: Set<string>): boolean {
	const shared = a.intersection(b).size;
	return shared >= fewestWords && shared / Math.min(a.size, b.size) >= sameMatter;
}

function differ(a: Map<string, Set<string>>, b: Map<string, Set<string>>): boolean {
	return [...a].some(([unit, numbers]) => b.get(unit)?.isDisjointFrom(numbers));
}
