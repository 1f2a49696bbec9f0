import type { Language } from '../language.ts';
import type { Passage } from './article.ts';

/** The concepts that a text names: `parcel`, `refund`, `where`; the same names in every language. */
export type ConceptsOf = (text: string, language: Language) => readonly string[];

/** A passage and how often it names each concept, its title's and headings' counting twice. */
export interface DescribedPassage {
	passage: Passage;
	concepts: Map<string, number>;
	/** All of them together. */
	length: number;
	/** Rises with every passage described: what fits alike stays in the order in which it came. */
	order: number;
}

let described = 0;

export function describe(passage: Passage, conceptsOf: ConceptsOf): DescribedPassage {
	const concepts = new Map<string, number>();
	const add = (text: string, times: number) => {
		for (const concept of conceptsOf(text, passage.language))
			concepts.set(concept, (concepts.get(concept) ?? 0) + times);
	};
	add(passage.text, 1);
	add([passage.title, ...passage.headings].join('. '), 2);
	return {
		passage,
		concepts,
		length: [...concepts.values()].reduce((sum, times) => sum + times, 0),
		order: described++,
	};
}

/** The concepts of a question with what each tells in the passages of one language. */
export interface AskedConcepts {
	weights: ReadonlyMap<string, number>;
	total: number;
}

/** @param concepts each once. */
export function askedConcepts(concepts: readonly string[], idf: (concept: string) => number): AskedConcepts {
	const weights = new Map(concepts.map(concept => [concept, idf(concept)]));
	return { weights, total: [...weights.values()].reduce((sum, weight) => sum + weight, 0) };
}

/** BM25 over concepts, and the share of the question's concepts that the passage names. */
export function meaningOf(
	{ weights, total }: AskedConcepts,
	{ concepts, length }: DescribedPassage,
): { score: number; coverage: number } {
	let score = 0;
	let covered = 0;
	for (const [concept, weight] of weights) {
		const times = concepts.get(concept) ?? 0;
		if (times === 0) continue;
		covered += weight;
		score += (weight * times * 2.2) / (times + 1.2 * (0.25 + (0.75 * length) / typicalLength));
	}
	return { score, coverage: total > 0 ? covered / total : 0 };
}

/** Concepts that a passage of a usual length names. */
const typicalLength = 20;

/**
 * Of a question's concepts the rarest few of which every passage must name one that covers this share of it: what is left
 * over weighs too little by itself.
 * @param frequencyOf how many passages name the concept.
 */
export function decisiveConcepts(
	{ weights, total }: AskedConcepts,
	share: number,
	frequencyOf: (concept: string) => number,
): string[] {
	const rarestFirst = [...weights.keys()].sort((one, other) => frequencyOf(one) - frequencyOf(other));
	const decisive: string[] = [];
	let left = total;
	for (const concept of rarestFirst) {
		if (left < share * total - rounding) break;
		decisive.push(concept);
		left -= weights.get(concept) ?? 0;
	}
	return decisive;
}

/** Sums in another order differ by less. */
const rounding = 1e-9;
