import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { root } from '../../src/assemble.ts';
import { languages } from '../../src/language.ts';

/** The product's locales with a tenth of the training examples: trained in seconds, and good enough to decide something. */
export async function writeSmallLocales(directory: string): Promise<void> {
	await cp(join(root, 'locales'), directory, { recursive: true });
	for (const language of languages) {
		for (const file of ['intents.yaml', 'sensitive.yaml']) {
			const path = join(directory, language, file);
			await writeFile(path, stringify(thinned(parse(await readFile(path, 'utf8')))));
		}
	}
}

/** Long lists of texts lose nine of ten; patterns are short lists of their own and stay. */
function thinned(value: unknown): unknown {
	if (Array.isArray(value)) return value.length > 100 ? value.filter((_, i) => i % 10 === 0) : value;
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, thinned(inner)]));
}
