import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';
import { type Language, languages } from '../language.ts';

/** One file of a language's folder as it is written. */
export interface LocaleSource {
	language: Language;
	path: string;
	text: string;
}

/** One file of each language's folder; a language without the file is left out. */
export async function readLocaleSources(localesDir: string, file: string): Promise<LocaleSource[]> {
	const sources = await Promise.all(
		languages.map(async language => {
			const path = join(localesDir, language, file);
			const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
				if (cause.code === 'ENOENT') return undefined;
				throw cause;
			});
			return text === undefined ? [] : [{ language, path, text }];
		}),
	);
	return sources.flat();
}

/** What the files say, checked. Faults name the file. */
export function parseLocaleSources<Shape extends z.ZodType>(
	sources: readonly LocaleSource[],
	shape: Shape,
): Map<Language, z.infer<Shape>> {
	const found = new Map<Language, z.infer<Shape>>();
	for (const { language, path, text } of sources) {
		try {
			found.set(language, shape.parse(parse(text)));
		} catch (cause) {
			throw new Error(`${path} is not as expected: ${cause instanceof Error ? cause.message : cause}`, { cause });
		}
	}
	return found;
}

export async function readLocaleFiles<Shape extends z.ZodType>(
	localesDir: string,
	file: string,
	shape: Shape,
): Promise<Map<Language, z.infer<Shape>>> {
	return parseLocaleSources(await readLocaleSources(localesDir, file), shape);
}

/** The sources without one of their top-level keys: parsing a megabyte of examples that nobody needs takes a third of a second. */
export function withoutSection(sources: readonly LocaleSource[], key: string): LocaleSource[] {
	const opening = new RegExp(`^${key}:`, 'm');
	return sources.map(source => {
		const start = source.text.search(opening);
		if (start === -1) return source;
		const section = source.text.slice(start);
		const end = section.search(/\n(?=[^\s#])/);
		return { ...source, text: source.text.slice(0, start) + (end === -1 ? '' : section.slice(end + 1)) };
	});
}
