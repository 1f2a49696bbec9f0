import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Classifier, type Example, trainClassifier } from './classifier.ts';
import { deserializeClassifier, serializeClassifier } from './classifier-file.ts';
import type { LocaleSource } from './locale-files.ts';
import type { LocaleReader } from './reader.ts';

/** Raise it whenever features, training, calibration or the file's format change: every cached model is then trained anew. */
export const codeVersion = 9;

export interface CachedClassifierOptions {
	/** Becomes the beginning of the file's name. */
	name: string;
	cacheDir: string;
	/** See `ClassifierOptions.caution`. */
	caution: number;
	/** Part of what is trained, so changed concepts train anew. */
	reader: LocaleReader;
	onProgress?: ((message: string) => void) | undefined;
}

/** What a classifier is trained on. Parsing and making examples takes seconds, so that it is done only where they are needed. */
export interface ExampleSource {
	/** What the examples are made from: the same files make the same examples. */
	files: readonly LocaleSource[];
	make: () => Example[];
}

/** The classifier of exactly these files: from the cache, or trained now and cached. A damaged file is replaced. */
export async function loadCachedClassifier(
	source: ExampleSource,
	options: CachedClassifierOptions,
): Promise<Classifier> {
	const { name, cacheDir, caution, reader, onProgress = () => {} } = options;
	const file = `${name}-${hashOf(source.files, options)}.bin`;
	const path = join(cacheDir, file);
	const bytes = await readFile(path).catch(() => undefined);
	if (bytes) {
		try {
			return deserializeClassifier(bytes, reader);
		} catch {
			onProgress(`${file} is damaged; training it again`);
		}
	}
	const started = performance.now();
	const examples = source.make();
	const classifier = trainClassifier(examples, {
		reader,
		caution,
		onProgress: share => onProgress(`${name}: ${Math.round(share * 100)} % of training on ${examples.length} examples`),
	});
	onProgress(`${name}: trained in ${((performance.now() - started) / 1000).toFixed(1)} s`);
	await store(path, serializeClassifier(classifier));
	await removeOlder(cacheDir, name, file);
	return classifier;
}

function hashOf(files: readonly LocaleSource[], { caution, reader }: CachedClassifierOptions): string {
	const hash = createHash('sha256').update(JSON.stringify([codeVersion, caution, reader.fingerprint]));
	for (const { language, text } of files) hash.update(JSON.stringify([language, text.length])).update(text);
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
