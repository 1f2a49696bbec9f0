import type { SystemFigures } from './measure-system.ts';
import { type Rung, rungs } from './services.ts';

/** The figures as a table: a block a rung, a column a system, and what share of the skeleton's the product's is. */
export function describe(figures: readonly SystemFigures[]): string {
	const lines = [];
	for (const rung of rungs) {
		const skeleton = figures.find(one => one.rung === rung && one.name === 'skeleton');
		const product = figures.find(one => one.rung === rung && one.name === 'product');
		if (!skeleton && !product) continue;
		lines.push('', cells(rungNames[rung], 'skeleton', 'product', 'product ÷ skeleton'));
		for (const [title, of, digits] of rows([skeleton, product])) {
			const [bare, full] = [skeleton, product].map(one => one && of(one));
			if (bare === undefined && full === undefined) continue;
			const share = bare !== undefined && full !== undefined ? (full / bare).toFixed(2) : '';
			lines.push(cells(`  ${title}`, number(bare, digits), number(full, digits), share));
		}
	}
	return lines.join('\n');
}

const rungNames: Record<Rung, string> = {
	postgres: 'PostgreSQL, queue in it',
	redis: 'PostgreSQL and Redis',
	pglite: 'PGlite, everything in one process',
};

type Row = [title: string, of: (figures: SystemFigures) => number | undefined, digits: number];

function rows(systems: readonly (SystemFigures | undefined)[]): Row[] {
	const groups = new Set(systems.flatMap(one => Object.keys(one?.throughput?.cpuMsPerTicket ?? {})));
	const backlog = systems.map(one => one?.acknowledgement?.loaded.backlog ?? '–').join(' / ');
	const arriving = systems.find(one => one?.model)?.model?.perSecond;
	return [
		['tickets a second', ({ throughput }) => throughput?.perSecond, 0],
		['… of so many tickets', ({ throughput }) => throughput?.tickets, 0],
		['CPU, ms a ticket', ({ throughput }) => throughput?.cpuMsInAll, 2],
		...[...groups].map((group): Row => [`… ${group}`, ({ throughput }) => throughput?.cpuMsPerTicket[group], 2]),
		['memory of the worker, MB, most', ({ throughput }) => throughput?.peakMb, 0],
		['… after the run', ({ throughput }) => throughput?.steadyMb, 0],
		['acknowledged, ms, p50, 100/s, idle', ({ acknowledgement }) => acknowledgement?.idle.p50Ms, 1],
		['… p99', ({ acknowledgement }) => acknowledgement?.idle.p99Ms, 1],
		[`acknowledged, ms, p50, backlog ${backlog}`, ({ acknowledgement }) => acknowledgement?.loaded.p50Ms, 1],
		['… p99', ({ acknowledgement }) => acknowledgement?.loaded.p99Ms, 1],
		[`beyond model time, ms, p50, ${arriving}/s`, ({ model }) => model?.p50Ms, 0],
		['… p99', ({ model }) => model?.p99Ms, 0],
		['memory of the worker, MB, with it', ({ model }) => model?.peakMb, 0],
	];
}

const number = (value: number | undefined, digits: number) => (value === undefined ? '' : value.toFixed(digits));

const cells = (title: string, ...values: string[]) => title.padEnd(46) + values.map(one => one.padStart(20)).join('');
