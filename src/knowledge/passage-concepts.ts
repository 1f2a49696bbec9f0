import type { Language } from '../language.ts';
import type { Passage } from './article.ts';

/** The concepts that a text names: `parcel`, `refund`, `where`; the same names in every language. */
export type ConceptsOf = (text: string, language: Language) => readonly string[];

/** A passage and how often it names each concept, its title's and headings' counting twice. */
export interface DescribedPassage {
	passage: Passage;
	/** The concepts by their numbers, each once, and how often each is named. */
	concepts: Uint16Array;
	times: Uint16Array;
	/** All of them together. */
	length: number;
	/** Rises with every passage described: what fits alike stays in the order in which it came. */
	order: number;
}

let described = 0;

export function describe(passage: Passage, conceptsOf: ConceptsOf): DescribedPassage {
	const named = new Map<number, number>();
	const add = (text: string, times: number) => {
		for (const concept of conceptNumbers(conceptsOf(text, passage.language))) {
			named.set(concept, (named.get(concept) ?? 0) + times);
		}
	};
	add(passage.text, 1);
	add([passage.title, ...passage.headings].join('. '), 2);
	return {
		passage,
		concepts: Uint16Array.from(named.keys()),
		times: Uint16Array.from(named.values()),
		length: named.values().reduce((sum, times) => sum + times, 0),
		order: described++,
	};
}

/** The concepts of a question with what each tells in the passages of one language. */
export interface AskedConcepts {
	/** By their numbers, each once. */
	concepts: readonly number[];
	/** The idf of each. */
	weights: readonly number[];
	total: number;
}

/** @param concepts each once. */
export function askedConcepts(concepts: readonly number[], idf: (concept: number) => number): AskedConcepts {
	const weights = concepts.map(idf);
	return { concepts, weights, total: weights.reduce((sum, weight) => sum + weight, 0) };
}

const numbers = new Map<string, number>();

/** A number below 2^16 for each concept. Their names are those of the lexicons: a few hundred. */
export function conceptNumbers(concepts: readonly string[]): number[] {
	return concepts.map(concept => {
		const number = numbers.get(concept) ?? numbers.size;
		numbers.set(concept, number);
		return number;
	});
}

/** How often the passage just looked at names each concept; all zero in between. */
const timesOf = new Uint16Array(2 ** 16);

/** BM25 over concepts, and the share of the question's concepts that the passage names. */
export function meaningOf(
	{ concepts: asked, weights, total }: AskedConcepts,
	{ concepts, times: timesNamed, length }: DescribedPassage,
): { score: number; coverage: number } {
	for (let i = 0; i < concepts.length; i++) timesOf[concepts[i] as number] = timesNamed[i] as number;
	let score = 0;
	let covered = 0;
	for (let i = 0; i < asked.length; i++) {
		const times = timesOf[asked[i] as number] as number;
		if (times === 0) continue;
		const weight = weights[i] as number;
		covered += weight;
		score += (weight * times * 2.2) / (times + 1.2 * (0.25 + (0.75 * length) / typicalLength));
	}
	for (const concept of concepts) timesOf[concept] = 0;
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
	{ concepts, weights, total }: AskedConcepts,
	share: number,
	frequencyOf: (concept: number) => number,
): number[] {
	const rarestFirst = [...concepts.keys()].sort(
		(one, other) => frequencyOf(concepts[one] as number) - frequencyOf(concepts[other] as number),
	);
	const decisive: number[] = [];
	let left = total;
	for (const place of rarestFirst) {
		if (left < share * total - rounding) break;
		decisive.push(concepts[place] as number);
		left -= weights[place] as number;
	}
	return decisive;
}

/** Sums in another order differ by less. */
const rounding = 1e-9;
