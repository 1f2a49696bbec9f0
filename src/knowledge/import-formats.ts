import { parse as parseYaml, YAMLParseError } from 'yaml';
import { z } from 'zod';
import type { Audience } from './article.ts';
import { htmlToMarkdown } from './html-markdown.ts';
import { parseJsonLines } from './json-lines.ts';

/** An article as its file gives it; what is absent is filled in by the import. */
export interface RawArticle {
	id: string;
	title: string;
	/** Markdown. */
	body: string;
	language?: string | undefined;
	category?: string | undefined;
	audience?: Audience | undefined;
	url?: string | undefined;
}

export type ParsedFile = { line: number | null; raw: RawArticle } | { line: number | null; fault: string };

const identifier = z.union([z.string().min(1), z.number()]).transform(String);
const absent = <Schema extends z.ZodType>(schema: Schema) =>
	z.preprocess(value => value ?? undefined, schema.optional());
const about = {
	language: absent(z.string()),
	category: absent(z.string()),
	audience: absent(
		z
			.templateLiteral([z.enum(['organization:']), z.string().min(1)], 'must be "public" or "organization:<id>"')
			.or(z.literal('public')),
	),
	url: absent(z.url()),
};
const FrontMatter = z.object({ id: absent(identifier), title: absent(z.string().min(1)), ...about });
const Line = z.object({ id: identifier, title: z.string().min(1), text: z.string().trim().min(1), ...about });

/** One article per file; its title is the front matter's, the first heading's or the file's name. */
export function* parseMarkdownFile(text: string, name: string): Generator<ParsedFile> {
	const [, header, rest] = /^---\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)([\s\S]*)$/u.exec(text) ?? [
		undefined,
		undefined,
		text,
	];
	const body = (rest ?? '').trim();
	let values: unknown = {};
	try {
		values = header ? (parseYaml(header) ?? {}) : {};
	} catch (error) {
		const at = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined;
		return yield {
			line: at === undefined ? null : at + 1,
			fault: `front matter is not YAML: ${(error as Error).message.split('\n')[0]}`,
		};
	}
	const parsed = FrontMatter.safeParse(values);
	if (!parsed.success) return yield { line: 1, fault: `front matter: ${issuesOf(parsed.error)}` };
	if (!body) return yield { line: null, fault: 'there is no text below the front matter' };
	const { id = name, title = /^#\s+(.+?)\s*#*$/mu.exec(body)?.[1] ?? titleOf(name), ...rest_ } = parsed.data;
	yield { line: null, raw: { id, title, body, ...rest_ } };
}

/** One article per page; language and address are the page's own where it says them. */
export function* parseHtmlFile(text: string, name: string): Generator<ParsedFile> {
	const body = htmlToMarkdown(text);
	if (!body) return yield { line: null, fault: 'the page has no readable text' };
	const tag = (pattern: RegExp) => htmlToMarkdown(pattern.exec(text)?.[1] ?? '').replace(/^#+ /u, '') || undefined;
	const title = tag(/<title[^>]*>([\s\S]*?)<\/title>/iu) ?? tag(/<h1[^>]*>([\s\S]*?)<\/h1>/iu) ?? titleOf(name);
	const language = /<html[^>]*\slang=["']?([\w-]+)/iu.exec(text)?.[1];
	const url = /<link[^>]*rel=["']?canonical["']?[^>]*href=["'](https?:[^"']+)/iu.exec(text)?.[1];
	yield { line: null, raw: { id: name, title, body, language, url } };
}

/** One article per line: `{id, title, text, language?, category?, audience?, url?}`. */
export function* parseJsonLinesFile(text: string): Generator<ParsedFile> {
	for (const parsed of parseJsonLines(text, Line)) {
		if ('fault' in parsed) yield parsed;
		else {
			const { text: body, ...rest } = parsed.row;
			yield { line: parsed.line, raw: { body, ...rest } };
		}
	}
}

function titleOf(name: string): string {
	const words = (name.split('/').at(-1) ?? name).replace(/[-_]+/gu, ' ').trim();
	return words.charAt(0).toUpperCase() + words.slice(1);
}

function issuesOf(error: z.ZodError): string {
	return error.issues.map(issue => [issue.path.join('.'), issue.message].filter(Boolean).join(': ')).join('; ');
}
