import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type Rung, rungs } from './services.ts';

export const parts = ['skeleton', 'extractive', 'model', 'search'] as const;
export type Part = (typeof parts)[number];

export interface Options {
	rungs: readonly Rung[];
	parts: readonly Part[];
	tickets: number;
	/** Worker processes of the product. */
	processes: number;
	/** How often everything is measured; the round in the middle counts. */
	rounds: number;
	/** Where the figures are written; in DATA_DIR where it was not said. */
	json: string | undefined;
}

export const help = `npm run bench -- [--rung postgres|redis|pglite|all] [--only skeleton|extractive|model|search] [--tickets 4000] [--rounds 1]

Measures, side by side on the same machine and engines: a bare skeleton of the pipeline, the product with its extractive
answers, the product with a simulated model that takes 1 to 3 s, and search against other libraries. Starts a PostgreSQL,
a Redis and a stand-in of the helpdesk of its own; load and stand-in share the machine with what they measure.

  --rung R        where database and queue are; all unless said
  --only PART     that part alone
  --tickets N     the most tickets of a throughput run, half of it on PGlite; a slow system is measured over fewer
  --processes N   worker processes of the product, one a core unless said; the skeleton is fastest with one
  --rounds N      so often, the systems in turn, and of each the round in the middle; 1 unless said
  --json FILE     where the figures go; bench.json in DATA_DIR unless said`;

/** Reads the command line. @returns a sentence where it makes no sense, and nothing where help was asked for. */
export function readOptions(args: string[]): Options | string | undefined {
	let values: ReturnType<typeof parse>['values'];
	try {
		values = parse(args).values;
	} catch (error) {
		return (error as Error).message;
	}
	if (values.help) return undefined;
	const rung = rungs.filter(one => values.rung === 'all' || values.rung === one);
	if (rung.length === 0) return `--rung is ${rungs.join(', ')} or all, not “${values.rung}”.`;
	const chosen = parts.filter(one => values.only === undefined || values.only === one);
	if (chosen.length === 0) return `--only is ${parts.join(', ')}, not “${values.only}”.`;
	for (const name of ['tickets', 'processes', 'rounds'] as const) {
		if (!/^[1-9]\d*$/.test(values[name])) return `--${name} takes a whole number from 1, not “${values[name]}”.`;
	}
	return {
		rungs: rung,
		parts: chosen,
		tickets: Number(values.tickets),
		processes: Number(values.processes),
		rounds: Number(values.rounds),
		json: values.json,
	};
}

const parse = (args: string[]) =>
	parseArgs({
		args,
		options: {
			rung: { type: 'string', default: 'all' },
			only: { type: 'string' },
			tickets: { type: 'string', default: '4000' },
			processes: { type: 'string', default: String(availableParallelism()) },
			rounds: { type: 'string', default: '1' },
			json: { type: 'string' },
			help: { type: 'boolean', default: false },
		},
	});
