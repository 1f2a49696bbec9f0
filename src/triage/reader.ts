import { createHash } from 'node:crypto';
import { createGenerationCache, type GenerationCache } from '../generation-cache.ts';
import { createConcepts, type FindConcepts, readConceptLexicons } from './concepts.ts';
import type { Features } from './feature-counter.ts';
import { extractFeatures } from './features.ts';
import { tokenize } from './tokenize.ts';

/** What several readers want to know of the same text: worked out once, as long as they ask soon after each other. */
export interface Reader {
	/** @param language decides whose concepts are looked for; absent where there are none. */
	featuresOf(text: string, language?: string): Features;
	/** The concepts that a text names, in order, with repetitions. */
	conceptsOf(text: string, language?: string): readonly string[];
}

interface Reading {
	tokens: readonly string[];
	concepts: readonly string[];
	features?: Features;
}

/** Half the texts remembered in each language: a message and its sentences, for both classifiers and the search. */
const rememberedHalf = 64;

export function createReader(findConcepts: FindConcepts = () => []): Reader {
	// One for each language: a key made of language and text would be a long string to build and hash at every question.
	const caches = new Map<string | undefined, GenerationCache<string, Reading>>();
	const cacheOf = (language: string | undefined) => {
		const known = caches.get(language) ?? createGenerationCache(rememberedHalf);
		caches.set(language, known);
		return known;
	};
	const read = (text: string, language: string | undefined) =>
		cacheOf(language).get(text, () => {
			const tokens = tokenize(text);
			return { tokens, concepts: findConcepts(tokens, language) };
		});
	return {
		featuresOf(text, language) {
			const reading = read(text, language);
			reading.features ??= extractFeatures(reading.tokens, reading.concepts);
			return reading.features;
		},
		conceptsOf: (text, language) => read(text, language).concepts,
	};
}

/** A reader by the concepts of the locales. */
export interface LocaleReader extends Reader {
	/** Changes with the concepts. */
	fingerprint: string;
}

export async function loadReader(localesDir: string): Promise<LocaleReader> {
	const lexicons = await readConceptLexicons(localesDir);
	const fingerprint = createHash('sha256')
		.update(JSON.stringify([...lexicons]))
		.digest('hex');
	return { ...createReader(createConcepts(lexicons)), fingerprint };
}
