import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { createDemoSearch } from '../demo/demo-search.ts';
import { articlesDir, questionsDir, readFittingQuestions } from '../demo/shop.ts';
import type { ConceptsOf } from '../knowledge/passage-concepts.ts';
import { languages } from '../language.ts';
import { codeVersion } from '../triage/classifier-cache.ts';
import { loadTriage, type TriageMessage } from '../triage/create-triage.ts';
import { loadReader } from '../triage/reader.ts';
import { type Confidence, confidenceFrom, featuresVersion, fitConfidence } from './confidence.ts';
import { labelAnswers } from './label-answers.ts';
import type { Policy } from './policy.ts';

/** What is learnt from examples rather than written. */
export interface Models {
	triage: TriageMessage;
	confidence: Confidence;
	conceptsOf: ConceptsOf;
}

export interface ModelOptions {
	localesDir: string;
	/** Where trained models are kept between starts. */
	cacheDir: string;
	policy: Policy;
	/** What is sold, besides what the policy names. */
	products?: readonly string[];
	onProgress?: (message: string) => void;
}

/** Trains what is not in the cache, about half a minute; loads the rest, about a third of a second. */
export async function loadModels(options: ModelOptions): Promise<Models> {
	const reader = await loadReader(options.localesDir);
	const products = [...options.policy.products, ...(options.products ?? [])];
	const triage = await loadTriage({ ...options, reader, products });
	const { conceptsOf } = reader;
	return { triage, conceptsOf, confidence: await loadConfidence(triage, conceptsOf, options) };
}

/** The confidence as fitted on the demo shop's labelled questions, from the cache where nothing it depends on has changed. */
async function loadConfidence(
	triage: TriageMessage,
	conceptsOf: ConceptsOf,
	{ localesDir, cacheDir, policy, onProgress }: ModelOptions,
): Promise<Confidence> {
	const key = createHash('sha256')
		.update(JSON.stringify([codeVersion, featuresVersion, policy.intents]))
		.update(await fingerprintOf(localesDir))
		.digest('hex');
	const file = join(cacheDir, `confidence-${key.slice(0, 16)}.json`);
	const cached = await readFile(file, 'utf8').then(
		text => JSON.parse(text) as number[],
		() => undefined,
	);
	if (cached) return confidenceFrom(cached);
	const search = await createDemoSearch(conceptsOf);
	const questions = readFittingQuestions();
	onProgress?.('fitting the confidence on the labelled questions');
	const confidence = fitConfidence(labelAnswers(questions, { triage, search, policy }));
	await mkdir(cacheDir, { recursive: true });
	await writeFile(file, JSON.stringify(confidence.weights));
	return confidence;
}

/** Changes with everything the triage, the search and the questions are made from: of files their bytes, which cost no parsing. */
async function fingerprintOf(localesDir: string): Promise<string> {
	const hash = createHash('sha256');
	for (const language of languages) {
		for (const file of ['intents.yaml', 'concepts.yaml']) {
			hash.update(await readFile(join(localesDir, language, file)));
		}
	}
	for (const folder of [articlesDir, questionsDir]) {
		const files = await readdir(folder, { recursive: true, withFileTypes: true });
		const paths = files.filter(file => file.isFile()).map(({ parentPath, name }) => join(parentPath, name));
		for (const path of paths.sort()) hash.update(relative(folder, path)).update(await readFile(path));
	}
	return hash.digest('hex');
}

/** The concepts of `locales/<language>/concepts.yaml`: what the words of the five languages have in common. */
export async function loadConcepts(localesDir: string): Promise<ConceptsOf> {
	return (await loadReader(localesDir)).conceptsOf;
}
