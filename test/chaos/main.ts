import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openMind, root } from '../../src/assemble.ts';
import { readSettings, Settings } from '../../src/config.ts';
import { actsNamed } from './mischief.ts';
import { findPostgresPrograms, hasRedisServer } from './private-services.ts';
import { runChaos } from './run-chaos.ts';

const help = `npm run chaos -- [--tickets 2000] [--seed 1] [--rung postgres|redis] [--rate 40] [--every 3000] [--only WORDS]

Customers write while processes are killed, services crash and the helpdesk fails; then what stands in the helpdesk is
counted. Starts a PostgreSQL and a Redis of its own. Ends with 1 where anything was lost, doubled or out of order.

  --tickets N   how many tickets
  --seed S      what goes wrong, and when
  --rung R      where the queue is; both unless said
  --rate R      tickets a second
  --every MS    mean time between two acts of mischief; 0 for none
  --only WORDS  of the acts of mischief those alone whose names hold these words: “Redis killed”
  --json        one line of JSON a run`;

const { values } = parseArgs({
	options: {
		tickets: { type: 'string', default: '2000' },
		seed: { type: 'string', default: '1' },
		rung: { type: 'string' },
		rate: { type: 'string', default: '40' },
		every: { type: 'string', default: '3000' },
		only: { type: 'string', default: '' },
		json: { type: 'boolean', default: false },
		help: { type: 'boolean', default: false },
	},
});
const say = (line: string) => process.stderr.write(`${line}\n`);

if (values.help) {
	process.stdout.write(`${help}\n`);
	process.exit(0);
}
const programs = await findPostgresPrograms();
if (!programs || !hasRedisServer()) {
	say('The chaos run needs the programs of PostgreSQL (initdb, postgres) and redis-server on this machine.');
	process.exit(1);
}
const numbers = { tickets: values.tickets, seed: values.seed, rate: values.rate, every: values.every };
for (const [name, value] of Object.entries(numbers)) {
	if (!/^\d+$/.test(value)) {
		say(`--${name} takes a whole number, not “${value}”.`);
		process.exit(1);
	}
}
if (values.rung !== undefined && values.rung !== 'postgres' && values.rung !== 'redis') {
	say(`--rung is postgres or redis, not “${values.rung}”.`);
	process.exit(1);
}
// Trained once here, loaded by every process that starts.
const modelsDir = join(root, '.data');
await openMind(readSettings(Settings, { DATA_DIR: modelsDir }), say);

let isGood = true;
const rungs: readonly ('postgres' | 'redis')[] = values.rung ? [values.rung] : ['postgres', 'redis'];
for (const rung of rungs) {
	const acts = actsNamed(values.only, rung === 'redis');
	if (acts.length === 0) {
		say(`--only: “${values.only}” is in none of ${actsNamed('', rung === 'redis').join(', ')}.`);
		isGood = false;
		continue;
	}
	say(`\n${values.tickets} tickets on ${rung}, seed ${values.seed}`);
	const result = await runChaos({
		tickets: Number(values.tickets),
		seed: Number(values.seed),
		rung,
		rate: Number(values.rate),
		mischiefEveryMs: Number(values.every),
		acts,
		programs,
		modelsDir,
		settleTimeoutMs: 180_000,
		tell: say,
	});
	const { lost, doubled, disordered, mischief, ...figures } = result;
	isGood &&= lost.length + doubled.length + disordered.length === 0 && Number.isFinite(result.settleSeconds);
	if (values.json) process.stdout.write(`${JSON.stringify({ rung, seed: values.seed, ...result })}\n`);
	else {
		process.stdout.write(
			`${rung}, seed ${values.seed}: ${figures.tickets} tickets, ${figures.acknowledged} messages acknowledged, ` +
				`${figures.replies} replies, ${figures.notes} notes\n` +
				`  lost ${lost.length} · doubled ${doubled.length} · out of order ${disordered.length}\n` +
				`  backlog gone ${figures.settleSeconds.toFixed(0)} s after the last fault, ${figures.seconds.toFixed(0)} s in all\n` +
				`  ${Object.entries(mischief)
					.map(([name, times]) => `${times} × ${name}`)
					.join(', ')}; ` +
				`${figures.struck} vendor faults, ${figures.crashes} processes ended by themselves\n`,
		);
		for (const line of [...lost, ...doubled, ...disordered].slice(0, 20)) process.stdout.write(`  ! ${line}\n`);
		if (figures.logs) process.stdout.write(`  logs: ${figures.logs}\n`);
	}
}
process.exit(isGood ? 0 : 1);
