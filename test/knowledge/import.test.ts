import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ImportStep, readArticles } from '../../src/knowledge/import.ts';

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'import-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = async (name: string, content: string | Uint8Array) => {
	await mkdir(join(folder, name, '..'), { recursive: true });
	await writeFile(join(folder, name), content);
};
async function read(path = folder, language: 'en' | null = 'en'): Promise<ImportStep[]> {
	const steps: ImportStep[] = [];
	for await (const step of readArticles(path, { detectLanguage: () => language ?? undefined })) steps.push(step);
	return steps;
}
const faults = (steps: ImportStep[]) =>
	steps.flatMap(step => (step.kind === 'fault' ? [[step.file.slice(folder.length + 1), step.line, step.message]] : []));
const articles = (steps: ImportStep[]) => steps.flatMap(step => (step.kind === 'article' ? [step.article] : []));

describe('readArticles', () => {
	test('Markdown takes front matter, and without it the heading and the path', async () => {
		await write(
			'full.md',
			'---\nid: 42\ntitle: Reembolsos\nlanguage: es-ES\ncategory: returns\naudience: organization:acme\nurl: https://x.example/r\n---\n\nTexto.',
		);
		await write('sub/gift-cards.md', '# Gift cards\n\nThey never expire.');
		await write('sub/logo.png', 'x');
		const steps = await read();
		expect(articles(steps)).toEqual([
			{
				id: '42',
				title: 'Reembolsos',
				language: 'es',
				category: 'returns',
				audience: 'organization:acme',
				url: 'https://x.example/r',
				body: 'Texto.',
				state: 'published',
			},
			{
				id: 'sub/gift-cards',
				title: 'Gift cards',
				language: 'en',
				category: null,
				audience: 'public',
				url: null,
				body: '# Gift cards\n\nThey never expire.',
				state: 'published',
			},
		]);
		expect(steps.filter(({ kind }) => kind === 'skipped')).toHaveLength(1);
	});

	test('HTML gives its title, language and readable text', async () => {
		await write(
			'page.html',
			'<html lang="de-AT"><head><title>A &amp; B</title></head><body><h1>X</h1><p>Text <b>hier</b>.</p></body></html>',
		);
		expect(articles(await read())).toMatchObject([
			{ id: 'page', title: 'A & B', language: 'de', body: '# X\n\nText hier.' },
		]);
	});

	test('a bad line is named by number and does not stop the rest', async () => {
		const good = JSON.stringify({ id: 'a', title: 'A', text: 'One.', category: null });
		const lines = [
			good,
			'{"id": "b", ',
			'',
			'{"id":"c","title":"C"}',
			good,
			'{"id":7,"title":"D","text":"Two.","language":"it"}',
			'{"id":8,"title":"E","text":"Three.","audience":"everyone"}',
			'{"id":9,"title":"F","text":"Four."}',
		];
		await write('all.jsonl', `\uFEFF${lines.join('\r\n')}`);
		const steps = await read(join(folder, 'all.jsonl'));
		expect(articles(steps).map(({ id }) => id)).toEqual(['a', '9']);
		expect(faults(steps).map(([, line]) => line)).toEqual([2, 4, 5, 6, 7]);
		expect(faults(steps).map(([, , message]) => message)).toEqual([
			expect.stringContaining('not JSON'),
			expect.stringContaining('text'),
			expect.stringContaining('all.jsonl:1'),
			'language "it" is not one of en, es, fr, de, pt',
			expect.stringContaining('audience'),
		]);
	});

	test('bad front matter is named by its line in the file', async () => {
		await write('bad.md', '---\ntitle: A\ncategory: [x\n---\nText');
		const [[file, line, message] = []] = faults(await read());
		expect([file, line]).toEqual(['bad.md', 3]);
		expect(message).toContain('front matter');
	});

	test('an empty file, one that is not UTF-8 and one without a tellable language are named', async () => {
		await write('a.md', '  \n');
		await write('b.md', Uint8Array.of(0x52, 0xfc, 0x63, 0x6b));
		await write('c.md', 'zzz');
		expect(faults(await read(folder, null))).toEqual([
			['a.md', null, 'The file is empty.'],
			['b.md', null, expect.stringContaining('not UTF-8')],
			['c.md', null, expect.stringContaining('language')],
		]);
	});

	test.each([
		['missing', 'There is no such file or folder.'],
		[
			'notes.docx',
			'This type of file cannot be imported; it must be one of .md, .markdown, .html, .htm, .jsonl, .ndjson.',
		],
	])('%s is told', async (name, message) => {
		await write('notes.docx', 'x');
		expect(faults(await read(join(folder, name)))).toEqual([[name, null, message]]);
	});
});
