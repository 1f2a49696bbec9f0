import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';
import { type Language, languages } from '../language.ts';

/** One file of each language's folder, checked; a language without the file is left out. Faults name the file. */
export async function readLocaleFiles<Shape extends z.ZodType>(
	localesDir: string,
	file: string,
	shape: Shape,
): Promise<Map<Language, z.infer<Shape>>> {
	const found = new Map<Language, z.infer<Shape>>();
	for (const language of languages) {
		const path = join(localesDir, language, file);
		const source = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
			if (cause.code === 'ENOENT') return undefined;
			throw cause;
		});
		if (source === undefined) continue;
		try {
			found.set(language, shape.parse(parse(source)));
		} catch (cause) {
			throw new Error(`${path} is not as expected: ${cause instanceof Error ? cause.message : cause}`, { cause });
		}
	}
	return found;
}
