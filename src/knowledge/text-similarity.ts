import type { Language } from '../language.ts';
import { stemsOf } from './tokenize.ts';

/** The share of informative words that two texts have in common, 0 to 1 (Jaccard over stems). */
export function textSimilarity(one: string, other: string, language: Language): number {
	const a = new Set(stemsOf(one, language));
	const b = new Set(stemsOf(other, language));
	return a.intersection(b).size / Math.max(1, a.union(b).size);
}
