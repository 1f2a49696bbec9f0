import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { evaluateExtraction } from '../../src/answering/evaluate-extraction.ts';
import { evaluateRetrieval } from '../../src/knowledge/evaluate-retrieval.ts';
import type { Language } from '../../src/language.ts';

async function files(docs: object[], queries: (object | string)[]) {
	const folder = await mkdtemp(join(tmpdir(), 'retrieval-'));
	onTestFinished(() => rm(folder, { recursive: true }));
	const write = async (name: string, rows: (object | string)[]) => {
		const path = join(folder, name);
		await writeFile(path, rows.map(row => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n'));
		return path;
	};
	return {
		docs: await write('docs.jsonl', docs),
		queries: await write('queries.jsonl', queries),
		language: 'en' as const,
	};
}

const docs = [
	{ id: 'a', title: 'Refunds', text: 'A refund takes five days.' },
	{ id: 'b', title: 'Shipping', text: 'Parcels arrive on Monday.' },
];

describe('evaluateRetrieval', () => {
	test('a document found second counts at three but not at one', async () => {
		const figures = await evaluateRetrieval(
			await files(docs, [
				{ q: 'refund', doc: 'a' },
				{ q: 'refund refund parcels', doc: 'b' },
				{ q: 'zebra', doc: 'a' },
			]),
		);
		expect(figures).toMatchObject({ recallAt1: 33.3, recallAt3: 66.7, recallAt10: 66.7, mrr: 0.5 });
		expect(figures.p95Ms).toBeGreaterThan(0);
	});

	test('a bad line is named', async () => {
		await expect(evaluateRetrieval(await files(docs, [{ q: 'x', doc: 'a' }, '{']))).rejects.toThrow(
			/queries\.jsonl, line 2/u,
		);
	});
});

const data = new URL('../../../shared/data/retrieval/', import.meta.url).pathname;

describe.skipIf(!existsSync(data))('on public question sets (skipped where ../shared/data is missing)', () => {
	const set = (language: Language) => ({
		docs: `${data}${language}.docs.jsonl`,
		queries: `${data}${language}.queries.jsonl`,
		language,
	});

	test('de: the right document is first for 92.5 percent', async () => {
		expect((await evaluateRetrieval(set('de'))).recallAt1).toBeGreaterThanOrEqual(92.5);
	});

	test('es: the answer is in up to three sentences for 89 percent', async () => {
		expect((await evaluateExtraction(set('es'))).answered).toBeGreaterThanOrEqual(89);
	});
});
