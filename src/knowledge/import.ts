import { readdir, stat } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import { type Language, languageOfLocale, languages } from '../language.ts';
import type { Article } from './article.ts';
import { parseHtmlFile, parseJsonLinesFile, parseMarkdownFile, type RawArticle } from './import-formats.ts';
import { readTextFile } from './read-text-file.ts';

/** What came of one article, line or file of an import. */
export type ImportStep =
	| { kind: 'article'; file: string; line: number | null; article: Article }
	| { kind: 'fault'; file: string; line: number | null; message: string }
	/** A file in the folder that is no article: an image, a stylesheet. */
	| { kind: 'skipped'; file: string };

export interface ImportOptions {
	/** Asked where an article does not say its language; undefined where the text does not tell. */
	detectLanguage: (text: string) => Language | undefined;
}

/**
 * Reads the articles of a file or folder: Markdown, HTML and JSONL. A fault names its file and line and does not stop the
 * rest; nothing is thrown for what a person wrote or mistyped.
 */
export async function* readArticles(path: string, { detectLanguage }: ImportOptions): AsyncGenerator<ImportStep> {
	const seen = new Map<string, string>();
	for (const found of await listFiles(path)) {
		if (found.kind !== 'file') {
			yield found;
			continue;
		}
		const { file, name } = found;
		const read = await readTextFile(file);
		if ('fault' in read) {
			yield { kind: 'fault', file, line: null, message: read.fault };
			continue;
		}
		for (const parsed of parserOf(file)?.(read.text, name) ?? []) {
			const { line } = parsed;
			const finished = 'fault' in parsed ? parsed : finish(parsed.raw, detectLanguage);
			if ('fault' in finished) {
				yield { kind: 'fault', file, line, message: finished.fault };
				continue;
			}
			const place = line === null ? file : `${file}:${line}`;
			const earlier = seen.get(finished.article.id);
			if (earlier) {
				yield { kind: 'fault', file, line, message: `id "${finished.article.id}" was used before, in ${earlier}` };
				continue;
			}
			seen.set(finished.article.id, place);
			yield { kind: 'article', file, line, article: finished.article };
		}
	}
}

const parsers = {
	'.md': parseMarkdownFile,
	'.markdown': parseMarkdownFile,
	'.html': parseHtmlFile,
	'.htm': parseHtmlFile,
	'.jsonl': parseJsonLinesFile,
	'.ndjson': parseJsonLinesFile,
};

function parserOf(file: string) {
	return parsers[extname(file).toLowerCase() as keyof typeof parsers];
}

type FoundFile = { kind: 'file'; file: string; name: string } | Exclude<ImportStep, { kind: 'article' }>;

async function listFiles(path: string): Promise<FoundFile[]> {
	const information = await stat(path).catch(() => undefined);
	if (!information) return [{ kind: 'fault', file: path, line: null, message: 'There is no such file or folder.' }];
	if (!information.isDirectory()) {
		if (parserOf(path)) return [{ kind: 'file', file: path, name: nameOf(path.split('/').at(-1) ?? path) }];
		const message = `This type of file cannot be imported; it must be one of ${Object.keys(parsers).join(', ')}.`;
		return [{ kind: 'fault', file: path, line: null, message }];
	}
	const entries = await readdir(path, { recursive: true, withFileTypes: true });
	const files = entries
		.filter(entry => entry.isFile())
		.map(entry => join(entry.parentPath, entry.name))
		.filter(
			file =>
				!relative(path, file)
					.split('/')
					.some(part => part.startsWith('.')),
		)
		.sort();
	if (!files.some(parserOf)) {
		return [
			{ kind: 'fault', file: path, line: null, message: `The folder has no ${Object.keys(parsers).join(', ')} file.` },
		];
	}
	return files.map(file =>
		parserOf(file) ? { kind: 'file', file, name: nameOf(relative(path, file)) } : { kind: 'skipped', file },
	);
}

/** What stands for an id where a file gives none: its path without the ending. */
function nameOf(path: string): string {
	return path.slice(0, path.length - extname(path).length).replaceAll('\\', '/');
}

function finish(
	raw: RawArticle,
	detectLanguage: ImportOptions['detectLanguage'],
): { article: Article } | { fault: string } {
	const given = raw.language === undefined ? undefined : languageOfLocale(raw.language);
	if (raw.language !== undefined && !given) {
		return { fault: `language "${raw.language}" is not one of ${languages.join(', ')}` };
	}
	const language = given ?? detectLanguage(`${raw.title}\n${raw.body}`);
	if (!language) return { fault: `its language cannot be told; say \`language:\` (${languages.join(', ')})` };
	const { id, title, body, category = null, audience = 'public', url = null } = raw;
	return { article: { id, language, title, body, category, audience, state: 'published', url } };
}
