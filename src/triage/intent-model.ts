import { z } from 'zod';
import type { Language } from '../language.ts';
import type { Classifier, Example, ScoredLabel } from './classifier.ts';
import { loadCachedClassifier } from './classifier-cache.ts';
import { splitClauses } from './clauses.ts';
import type { Intent } from './intent.ts';
import { parseLocaleSources, readLocaleSources } from './locale-files.ts';
import type { LocaleReader } from './reader.ts';
import { stripMessage } from './strip.ts';
import { tokenize } from './tokenize.ts';

/** What a message asks for: first what the whole of it wants, then what single clauses want besides, strongest first. */
export type PredictIntents = (text: string, language: Language) => { intent: Intent; probability: number }[];

export interface IntentModelOptions {
	/** The folder with `<language>/intents.yaml`: label → examples. */
	localesDir: string;
	/** Where trained models are kept between starts. */
	cacheDir: string;
	reader: LocaleReader;
	onProgress?: (message: string) => void;
}

/** `locales/<language>/intents.yaml`. */
export const IntentExamples = z.record(z.string(), z.array(z.string()));
export type IntentExamples = z.infer<typeof IntentExamples>;

/** The classifier of all languages' examples: 7 s of training for 11,000 at the first start, from the cache afterwards. */
export async function loadIntentModel(options: IntentModelOptions): Promise<PredictIntents> {
	const classifier = await loadClassifier(options);
	return createIntentPrediction((text, language) => classifier.strongest(text, language));
}

/** By itself, so that the files' texts, two megabytes, are not kept with the classifier. */
async function loadClassifier(options: IntentModelOptions): Promise<Classifier> {
	const files = await readLocaleSources(options.localesDir, 'intents.yaml');
	const make = () => {
		const examples = [...parseLocaleSources(files, IntentExamples)].flatMap(([language, labels]) =>
			examplesOf(language, labels),
		);
		if (examples.length > 0) return examples;
		throw new Error(`No training examples: ${options.localesDir}/<language>/intents.yaml is missing.`);
	};
	return loadCachedClassifier({ files, make }, { ...options, caution, name: 'intents' });
}

/**
 * Customers write less like the training examples than those do like each other, so claim less. Held out in stretches,
 * 0.85 was right in 93 of 100 with this; more (1.5) left hardly anything above 0.85 on another writer's messages.
 */
const caution = 1.3;

export function examplesOf(language: Language, labels: IntentExamples): Example[] {
	return Object.entries(labels).flatMap(([label, texts]) =>
		texts.map(text => ({ text: stripMessage(text), label, language })),
	);
}

/** A clause must have this many words to be asked for a want of its own … */
const wordsOfAWant = 5;
/** … and be this sure of it to be a second intent. */
const clearlyAnother = 0.85;
/** What goes with any other want, and is none besides it: thanks, small talk. */
const never = new Set(['feedback', 'out_of_scope', 'spam']);

/** One message may ask for several things: the whole decides the first, clauses that clearly say something else add theirs. */
export function createIntentPrediction(
	strongest: (text: string, language: Language) => ScoredLabel | undefined,
): PredictIntents {
	return (text, language) => {
		const main = strongest(text, language);
		if (!main) return [];
		const found = new Map([[main.label, main.probability]]);
		const clauses = splitClauses(text, language);
		for (const clause of clauses.length > 1 ? clauses : []) {
			if (tokenize(clause).length < wordsOfAWant) continue;
			const best = strongest(clause, language);
			if (!best || best.label === main.label || best.probability < clearlyAnother || never.has(best.label)) continue;
			found.set(best.label, Math.max(best.probability, found.get(best.label) ?? 0));
		}
		const others = [...found].slice(1).sort((a, b) => b[1] - a[1]);
		return [[main.label, main.probability] as const, ...others].map(([intent, probability]) => ({
			intent,
			probability,
		}));
	};
}
