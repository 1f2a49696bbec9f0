import type { SystemFigures } from './measure-system.ts';

/** Of several rounds of one system the one in the middle, each part by the figure that matters most of it. */
export function medianRound(rounds: readonly SystemFigures[]): SystemFigures[] {
	const [first] = rounds;
	if (!first) return [];
	const worked = middle(rounds, ({ throughput }) => throughput?.perSecond);
	const waited = middle(rounds, ({ model }) => model?.p99Ms);
	return [{ ...first, ...worked, ...(waited?.model ? { model: waited.model } : {}) }];
}

function middle<T>(items: readonly T[], of: (item: T) => number | undefined): T | undefined {
	const measured = items.filter(item => of(item) !== undefined);
	const ascending = measured.toSorted((one, other) => (of(one) as number) - (of(other) as number));
	return ascending[Math.floor((ascending.length - 1) / 2)];
}
