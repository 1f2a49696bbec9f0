import { z } from 'zod';
import type { Language } from '../language.ts';
import { splitSentences } from '../sentences.ts';
import type { Classifier, Example } from './classifier.ts';
import { loadCachedClassifier } from './classifier-cache.ts';
import { examplesOf, IntentExamples, type IntentModelOptions } from './intent-model.ts';
import { parseLocaleSources, readLocaleSources, withoutSection } from './locale-files.ts';
import { createSensitivePatterns, type FindSensitivePatterns, SensitivePatterns } from './sensitive-patterns.ts';
import type { Sensitivity } from './triage.ts';

/** `locales/<language>/sensitive.yaml`. */
export const SensitiveFile = SensitivePatterns.extend({
	examples: z.object({
		sensitive: z.array(z.string()),
		/** Look-alikes. */
		harmless: z.array(z.string()),
		/** Everyday messages of no intent in particular. */
		ordinary: z.array(z.string()).default([]),
	}),
});
export type SensitiveFile = z.infer<typeof SensitiveFile>;

/** Why a message must go to a person; empty when it need not. */
export type FindSensitivity = (text: string, language: Language) => Sensitivity[];

export async function loadSensitivity(options: IntentModelOptions): Promise<FindSensitivity> {
	const findPatterns = createSensitivePatterns(
		parseLocaleSources(withoutSection(await readSensitiveFiles(options), 'examples'), SensitivePatterns),
	);
	const classifier = await loadClassifier(findPatterns, options);
	if (!classifier) return findPatterns;
	return createSensitivity(findPatterns, (text, language) => classifier.probabilityOf('sensitive', text, language));
}

/** By itself, so that the files' texts, four megabytes, are not kept with the classifier. Undefined without any file. */
async function loadClassifier(
	findPatterns: FindSensitivePatterns,
	options: IntentModelOptions,
): Promise<Classifier | undefined> {
	const files = await readSensitiveFiles(options);
	if (files.length === 0) return undefined;
	const intentFiles = await readLocaleSources(options.localesDir, 'intents.yaml');
	const make = () => {
		const intents = parseLocaleSources(intentFiles, IntentExamples);
		return [...parseLocaleSources(files, SensitiveFile)].flatMap(([language, file]) =>
			sensitivityExamples(language, file, intents.get(language) ?? {}, findPatterns),
		);
	};
	return loadCachedClassifier(
		{ files: [...files, ...intentFiles], make },
		{ ...options, caution: 1, name: 'sensitivity' },
	);
}

const readSensitiveFiles = ({ localesDir }: IntentModelOptions) => readLocaleSources(localesDir, 'sensitive.yaml');

/** The classifier alone is believed from here on: a person who looks in vain costs less than a lawyer's letter answered by a machine. */
const believed = 0.2;
/** A sentence by itself has to say it plainly. */
const sentenceBelieved = 0.8;

/**
 * Below this the classifier knows better than a pattern: "Kafka's The Trial" is a book. Of 206 sensitive messages with a hit,
 * by writers who knew neither, it took none away, and a third of the false alarms.
 */
const disbelieved = 0.05;
/** What a pattern finds of these stands whatever the classifier says. */
const beyondDoubt: ReadonlySet<string> = new Set(['self_harm']);

/** Shorter sentences say too little to be judged by themselves. */
const wordsToJudge = 5;

export function createSensitivity(
	findPatterns: FindSensitivePatterns,
	probabilityOf: (text: string, language: Language) => number,
): FindSensitivity {
	return (text, language) => {
		const hits = findPatterns(text, language);
		// A grave sentence in a long mail is thin in the whole, so each is asked as well.
		const sentences = splitSentences(text, language).filter(sentence => sentence.split(/\s+/).length >= wordsToJudge);
		const whole = probabilityOf(text, language);
		const gravest = Math.max(
			0,
			...sentences.map(sentence => (sentence === text ? whole : probabilityOf(sentence, language))),
		);
		const probability = Math.max(whole, gravest >= sentenceBelieved ? gravest : 0);
		if (probability < believed) {
			const isHarmless = Math.max(whole, gravest) < disbelieved;
			return isHarmless ? hits.filter(({ category }) => beyondDoubt.has(category)) : hits;
		}
		return [...hits, { category: 'unclear', from: 'classifier', probability }];
	};
}

/**
 * Every language's sensitive messages and look-alikes, and ordinary messages under the intents they have: told from 20 kinds
 * of ordinary rather than from one heap, a third fewer ordinary messages are taken for sensitive.
 */
export function sensitivityExamples(
	language: Language,
	{ examples }: SensitiveFile,
	intents: IntentExamples,
	findPatterns: FindSensitivePatterns,
): Example[] {
	const ordinary = Object.entries(intents)
		.filter(([intent]) => !notOrdinary.has(intent))
		// Somebody wants an order changed because somebody has died: ordinary by its label only.
		.map(([intent, texts]) => [intent, texts.filter(text => findPatterns(text, language).length === 0)] as const);
	const sensitive = [...examples.sensitive, ...(intents.legal_or_security ?? [])];
	return examplesOf(language, {
		...Object.fromEntries(ordinary),
		sensitive: sensitive.flatMap(repeated),
		look_alike: examples.harmless.flatMap(repeated),
		ordinary: examples.ordinary,
	});
}

/** Ordinary messages are many times more; the examples that matter here are therefore heard twice. */
function repeated(text: string): string[] {
	return [text, text];
}

/** Among these some are sensitive without saying so in their label. */
const notOrdinary = new Set(['legal_or_security', 'complaint', 'out_of_scope', 'spam']);
