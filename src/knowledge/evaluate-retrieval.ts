import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';
import { UnderstudyError } from '../errors.ts';
import type { Language } from '../language.ts';
import { chunkArticle } from './chunk.ts';
import { parseJsonLines } from './json-lines.ts';
import { readTextFile } from './read-text-file.ts';
import { createSearchIndex, type SearchIndex } from './search-index.ts';

/** How well search finds the right document; recall in percent of the questions, `mrr` over the first ten, 0 to 1. */
export interface RetrievalFigures {
	recallAt1: number;
	recallAt3: number;
	recallAt10: number;
	mrr: number;
	p50Ms: number;
	p95Ms: number;
	/** What the index holds in memory, passages included. */
	indexMb: number;
}

export const EvaluationDocument = z.object({ id: z.coerce.string(), title: z.string().default(''), text: z.string() });
/** `doc` is the id of the document that answers; `ans`, where given, are strings one of which the answer must contain. */
export const EvaluationQuery = z.object({
	q: z.string(),
	doc: z.coerce.string(),
	ans: z.array(z.string()).default([]),
});

/** Indexes the documents of one JSONL file as articles and asks the questions of another. Throws, naming the line, for a bad file. */
export async function evaluateRetrieval(files: {
	docs: string;
	queries: string;
	language: Language;
}): Promise<RetrievalFigures> {
	const { language } = files;
	const queries = await readRows(files.queries, EvaluationQuery);
	const documents = await readRows(files.docs, EvaluationDocument);
	const before = usedBytes();
	const index = indexDocuments(documents, language);
	const indexMb = (usedBytes() - before) / 1e6;

	const ranks: number[] = [];
	const timesMs: number[] = [];
	for (const { q, doc } of queries) {
		const start = performance.now();
		const found = index.search({ query: q, language, audiences: ['public'], limit: 40 });
		timesMs.push(performance.now() - start);
		const rank = [...new Set(found.map(({ passage }) => passage.articleId))].indexOf(doc);
		ranks.push(rank === -1 ? Number.POSITIVE_INFINITY : rank + 1);
	}
	const recallAt = (most: number) => percent(ranks.filter(rank => rank <= most).length / ranks.length);
	timesMs.sort((one, other) => one - other);
	const quantile = (share: number) => round(timesMs[Math.floor(timesMs.length * share)] ?? 0, 3);
	return {
		recallAt1: recallAt(1),
		recallAt3: recallAt(3),
		recallAt10: recallAt(10),
		mrr: round(ranks.reduce((sum, rank) => sum + (rank <= 10 ? 1 / rank : 0), 0) / ranks.length, 4),
		p50Ms: quantile(0.5),
		p95Ms: quantile(0.95),
		indexMb: round(indexMb, 1),
	};
}

/** A search index over evaluation documents, each an article of its own. */
export function indexDocuments(
	documents: readonly z.infer<typeof EvaluationDocument>[],
	language: Language,
): SearchIndex {
	const index = createSearchIndex();
	for (const { id, title, text: body } of documents) {
		const article = {
			id,
			title,
			body,
			language,
			category: null,
			audience: 'public',
			state: 'published',
			url: null,
		} as const;
		index.put(id, chunkArticle(article));
	}
	return index;
}

/** All rows of a JSONL file. Throws for a file that cannot be read, has a bad line or no rows. */
export async function readRows<Row>(path: string, schema: z.ZodType<Row>): Promise<Row[]> {
	const read = await readTextFile(path);
	if ('fault' in read) throw new UnderstudyError('INPUT_INVALID', `${path}: ${read.fault}`);
	const rows: Row[] = [];
	for (const parsed of parseJsonLines(read.text, schema)) {
		if ('fault' in parsed) throw new UnderstudyError('INPUT_INVALID', `${path}, line ${parsed.line}: ${parsed.fault}`);
		rows.push(parsed.row);
	}
	return rows;
}

/** Bytes in use after collecting garbage; without that the figure is the garbage's. */
function usedBytes(): number {
	setFlagsFromString('--expose-gc');
	runInNewContext('gc')();
	const { heapUsed, arrayBuffers } = process.memoryUsage();
	return heapUsed + arrayBuffers;
}

function percent(share: number): number {
	return round(100 * share, 1);
}

function round(value: number, digits: number): number {
	return Number(value.toFixed(digits));
}
