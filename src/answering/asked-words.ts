import { queryWords } from '../knowledge/query-words.ts';
import { gramsOfForms, stemsOfForms } from '../knowledge/tokenize.ts';
import type { Language } from '../language.ts';
import { type AskedFor, askedFor } from './question-cues.ts';

/** A question as sentences are compared with it. */
export interface AskedWords {
	kind: AskedFor | undefined;
	/** The places of those of its stems that are among these. */
	hits(stems: readonly string[]): number[];
	/** The share of its informative weight that the hits of one or several texts cover, 0 to 1. */
	share(...hits: readonly (readonly number[])[]): number;
	/** The share of its character 4-grams that are among these, 0 to 1. @param grams each once. */
	gramShare(grams: Int32Array): number;
}

export function askedWords(question: string, language: Language, idf: (stem: string) => number): AskedWords {
	const words = queryWords(question, language);
	const stems = [...new Set(stemsOfForms(words))];
	const placeOf = new Map(stems.map((stem, place) => [stem, place]));
	const weights = stems.map(idf);
	const asked = new Set(gramsOfForms(words));
	const isCovered = new Uint8Array(stems.length);
	return {
		kind: askedFor(question, language)[0],
		hits: given => given.flatMap(stem => placeOf.get(stem) ?? []),
		share(...hits) {
			isCovered.fill(0);
			for (const some of hits) for (const place of some) isCovered[place] = 1;
			let total = 0;
			let covered = 0;
			for (const [place, weight] of weights.entries()) {
				total += weight;
				if (isCovered[place] === 1) covered += weight;
			}
			return total ? covered / total : 0;
		},
		gramShare(grams) {
			let found = 0;
			for (const gram of grams) if (asked.has(gram)) found++;
			return found / (asked.size || 1);
		},
	};
}
