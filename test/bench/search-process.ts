// One engine in a process of its own, so that nobody's memory and nobody's compiled code is counted twice.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../../src/assemble.ts';
import { readDemoArticles } from '../../src/demo/demo-search.ts';
import { type LabelledQuestion, parseQuestions, readFittingQuestions } from '../../src/demo/shop.ts';
import { languages } from '../../src/language.ts';
import type { SearchFigures } from './measure-search.ts';
import { quantile } from './quantile.ts';
import { type EngineName, engines } from './search-engines.ts';

const engine = process.argv[2] as EngineName;
const articles = await readDemoArticles();
const questions = languages.flatMap(readUnseen);
const prepare = await engines[engine]();

const bytesBefore = usedBytes();
const startedMs = performance.now();
const find = prepare(articles);
const buildMs = performance.now() - startedMs;
const memoryMb = (usedBytes() - bytesBefore) / 1e6;

// Until what is hot is compiled; other questions, so that none is known when it is measured.
for (const { text, language } of readFittingQuestions()) find(text, language);

const timesMs: number[] = [];
const ranks = questions.map(({ subject, text, language, articles: right }) => {
	const query = [subject, text].filter(Boolean).join('\n');
	const askedMs = performance.now();
	const found = find(query, language);
	timesMs.push(performance.now() - askedMs);
	const rank = [...new Set(found)].findIndex(id => right.includes(id));
	return rank === -1 ? Number.POSITIVE_INFINITY : rank + 1;
});
const recallAt = (most: number) => (100 * ranks.filter(rank => rank <= most).length) / ranks.length;
const figures: SearchFigures = {
	engine,
	articles: articles.length,
	questions: questions.length,
	recallAt1: recallAt(1),
	recallAt3: recallAt(3),
	p50Ms: quantile(timesMs, 0.5),
	p95Ms: quantile(timesMs, 0.95),
	buildMs,
	memoryMb,
};
process.stdout.write(JSON.stringify(figures));

/** Questions and tickets that nothing was tuned on, those that some article answers. */
function readUnseen(language: (typeof languages)[number]): LabelledQuestion[] {
	const file = parse(readFileSync(join(root, 'test/evals', `${language}.yaml`), 'utf8'));
	return parseQuestions([...file.confidence, ...file.tickets], language).filter(one => one.articles.length > 0);
}

function usedBytes(): number {
	globalThis.gc?.();
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}
