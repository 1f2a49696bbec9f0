import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type EngineName, engineNames } from './search-engines.ts';

/** How well and how fast one engine finds the article that answers, over the demo's help pages in five languages. */
export interface SearchFigures {
	engine: EngineName;
	articles: number;
	questions: number;
	/** Percent of the questions. */
	recallAt1: number;
	recallAt3: number;
	/** A question's time. */
	p50Ms: number;
	p95Ms: number;
	/** Of the whole index, cold. */
	buildMs: number;
	/** What the index holds. */
	memoryMb: number;
}

export async function measureSearch(): Promise<SearchFigures[]> {
	const figures: SearchFigures[] = [];
	for (const engine of engineNames) {
		const call = ['--expose-gc', join(import.meta.dirname, 'search-process.ts'), engine];
		const { stdout } = await promisify(execFile)(process.execPath, call, { timeout: 120_000 });
		figures.push(JSON.parse(stdout));
	}
	return figures;
}
