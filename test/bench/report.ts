import type { SearchFigures } from './measure-search.ts';
import type { SystemFigures } from './measure-system.ts';
import { type Rung, rungs } from './services.ts';

export interface Figures {
	systems: SystemFigures[];
	search: SearchFigures[];
}

/** The figures as tables for a person. */
export function describeFigures({ systems, search }: Figures): string {
	const blocks = rungs.map(rung => describeRung(rung, systems)).concat(describeSearch(search));
	return blocks.filter(block => block !== '').join('\n\n');
}

/** A column a system, and what share of the skeleton's the product's is. */
function describeRung(rung: Rung, systems: readonly SystemFigures[]): string {
	const skeleton = systems.find(one => one.rung === rung && one.name === 'skeleton');
	const product = systems.find(one => one.rung === rung && one.name === 'product');
	if (!skeleton && !product) return '';
	const lines = [cells(rungNames[rung], 'skeleton', 'product', 'product ÷ skeleton')];
	for (const [title, of, digits, hasShare] of rows([skeleton, product])) {
		const [bare, full] = [skeleton, product].map(one => one && of(one));
		if (bare === undefined && full === undefined) continue;
		const share = hasShare && bare !== undefined && full !== undefined ? (full / bare).toFixed(2) : '';
		lines.push(cells(`  ${title}`, number(bare, digits), number(full, digits), share));
	}
	return lines.join('\n');
}

function describeSearch(search: readonly SearchFigures[]): string {
	const [first] = search;
	if (!first) return '';
	const title = `Search: ${first.articles} articles, ${first.questions} questions, 5 languages`;
	const line = (name: string, of: (one: SearchFigures) => number, digits: number) =>
		cells(`  ${name}`, ...search.map(one => number(of(one), digits)));
	return [
		cells(title, ...search.map(({ engine }) => engine)),
		line('recall@1, %', ({ recallAt1 }) => recallAt1, 1),
		line('recall@3, %', ({ recallAt3 }) => recallAt3, 1),
		line('a query, ms, p50', ({ p50Ms }) => p50Ms, 2),
		line('… p95', ({ p95Ms }) => p95Ms, 2),
		line('index built, ms', ({ buildMs }) => buildMs, 0),
		line('memory of the index, MB', ({ memoryMb }) => memoryMb, 1),
	].join('\n');
}

const rungNames: Record<Rung, string> = {
	postgres: 'PostgreSQL, queue in it',
	redis: 'PostgreSQL and Redis',
	pglite: 'PGlite, everything in one process',
};

type Row = [title: string, of: (figures: SystemFigures) => number | undefined, digits: number, hasShare?: boolean];

function rows(systems: readonly (SystemFigures | undefined)[]): Row[] {
	const groups = new Set(systems.flatMap(one => Object.keys(one?.throughput?.cpuMsPerTicket ?? {})));
	const backlog = systems.map(one => one?.acknowledgement?.loaded.backlog ?? '–').join(' / ');
	const arriving = systems.find(one => one?.model)?.model?.perSecond;
	return [
		['tickets a second', ({ throughput }) => throughput?.perSecond, 0, true],
		['… reckoned without what others took', alone, 0, true],
		['… of so many tickets', ({ throughput }) => throughput?.tickets, 0],
		['CPU, ms a ticket', ({ throughput }) => throughput?.cpuMsInAll, 2, true],
		...[...groups].map((group): Row => [`… ${group}`, ({ throughput }) => throughput?.cpuMsPerTicket[group], 2]),
		['… taken by others, % of the cores', ({ throughput }) => throughput?.takenByOthers, 0],
		['memory of the worker, MB, most', ({ throughput }) => throughput?.peakMb, 0],
		['… after the run', ({ throughput }) => throughput?.steadyMb, 0],
		['acknowledged, ms, p50, 100/s', ({ acknowledgement }) => acknowledgement?.idle.p50Ms, 1],
		['… p99', ({ acknowledgement }) => acknowledgement?.idle.p99Ms, 1],
		[`… p50, workers at a backlog of ${backlog}`, ({ acknowledgement }) => acknowledgement?.loaded.p50Ms, 1],
		['… p99', ({ acknowledgement }) => acknowledgement?.loaded.p99Ms, 1],
		[`beyond model time, ms, p50, ${arriving}/s`, ({ model }) => model?.p50Ms, 0],
		['… p99', ({ model }) => model?.p99Ms, 0],
		['memory of the worker, MB, with it', ({ model }) => model?.peakMb, 0],
	];
}

/** On a machine that is shared with other work: what it would have been. Not where one thread is all that it has. */
function alone({ rung, throughput }: SystemFigures): number | undefined {
	return throughput && rung !== 'pglite' ? throughput.perSecond / (1 - throughput.takenByOthers / 100) : undefined;
}

const number = (value: number | undefined, digits: number) => (value === undefined ? '' : value.toFixed(digits));

const cells = (title: string, ...values: string[]) => title.padEnd(46) + values.map(one => one.padStart(20)).join('');
