import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Classifier, type Example, trainClassifier } from './classifier.ts';
import { deserializeClassifier, serializeClassifier } from './classifier-file.ts';
import { type ConceptLexicon, createConcepts } from './concepts.ts';

/** Raise it whenever features, training or calibration change: every cached model is then trained anew. */
const codeVersion = 1;

export interface CachedClassifierOptions {
	/** Becomes the beginning of the file's name. */
	name: string;
	cacheDir: string;
	/** See `ClassifierOptions.caution`. */
	caution: number;
	/** Part of what is trained, so a changed lexicon trains anew. */
	lexicons: Map<string, ConceptLexicon>;
	onProgress?: ((message: string) => void) | undefined;
}

/** The classifier of exactly these examples: from the cache, or trained now and cached. A damaged file is replaced. */
export async function loadCachedClassifier(examples: Example[], options: CachedClassifierOptions): Promise<Classifier> {
	const { name, cacheDir, caution, lexicons, onProgress = () => {} } = options;
	const findConcepts = createConcepts(lexicons);
	const file = `${name}-${hashOf(examples, lexicons, caution)}.bin`;
	const path = join(cacheDir, file);
	const bytes = await readFile(path).catch(() => undefined);
	if (bytes) {
		try {
			return deserializeClassifier(bytes, findConcepts);
		} catch {
			onProgress(`${file} is damaged; training it again`);
		}
	}
	const started = performance.now();
	const classifier = trainClassifier(examples, {
		findConcepts,
		caution,
		onProgress: share => onProgress(`${name}: ${Math.round(share * 100)} % of training on ${examples.length} examples`),
	});
	onProgress(`${name}: trained in ${((performance.now() - started) / 1000).toFixed(1)} s`);
	await store(path, serializeClassifier(classifier));
	await removeOlder(cacheDir, name, file);
	return classifier;
}

function hashOf(examples: Example[], lexicons: Map<string, ConceptLexicon>, caution: number): string {
	const hash = createHash('sha256').update(`${codeVersion}\n${JSON.stringify([caution, ...lexicons])}\n`);
	for (const { text, label, language } of examples) hash.update(JSON.stringify([text, label, language]));
	return hash.digest('hex').slice(0, 16);
}

/** Written aside and renamed, so that a reader in another process never sees half a file. */
async function store(path: string, bytes: Buffer): Promise<void> {
	await mkdir(join(path, '..'), { recursive: true });
	const aside = `${path}.${process.pid}.tmp`;
	await writeFile(aside, bytes);
	await rename(aside, path);
}

async function removeOlder(cacheDir: string, name: string, current: string): Promise<void> {
	const older = (await readdir(cacheDir)).filter(
		file => file !== current && file.startsWith(`${name}-`) && file.endsWith('.bin'),
	);
	await Promise.all(older.map(file => rm(join(cacheDir, file), { force: true })));
}
