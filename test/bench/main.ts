import { mkdir, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { openMind, root } from '../../src/assemble.ts';
import { readSettings, Settings } from '../../src/config.ts';
import { findPostgresPrograms, hasRedisServer } from '../chaos/private-services.ts';
import { stopChildren } from './child.ts';
import { measureSearch } from './measure-search.ts';
import { measureSystem, type SystemFigures } from './measure-system.ts';
import { medianRound } from './median-round.ts';
import { help, type Options, type Part, readOptions } from './options.ts';
import { describeFigures, type Figures } from './report.ts';
import { type Services, startServices } from './services.ts';
import { startSink } from './sink.ts';
import { createTicketSource } from './tickets.ts';

const tell = (line: string) => process.stderr.write(`${line}\n`);
const dataDir = resolve(root, process.env.DATA_DIR ?? '.data');

const options = readOptions(process.argv.slice(2));
if (options === undefined) {
	process.stdout.write(`${help}\n`);
} else if (typeof options === 'string') {
	tell(options);
	process.exitCode = 1;
} else {
	const programs = await findPostgresPrograms();
	if (programs && hasRedisServer()) {
		await bench(options, programs);
	} else {
		tell('The bench needs the programs of PostgreSQL (initdb, postgres) and redis-server on this machine.');
		process.exitCode = 1;
	}
}

async function bench(options: Options, programs: string): Promise<void> {
	const has = (part: Part) => options.parts.includes(part);
	const figures: Figures = { systems: [], search: has('search') ? await measureSearch() : [] };
	if (has('skeleton') || has('extractive') || has('model')) {
		figures.systems = await measureSystems(options, programs, has);
	}
	process.stdout.write(`${describeFigures(figures)}\n`);
	const file = options.json ?? join(dataDir, 'bench.json');
	await mkdir(dirname(resolve(file)), { recursive: true });
	await writeFile(
		file,
		`${JSON.stringify({ at: new Date(), cores: availableParallelism(), options, ...figures }, null, '\t')}\n`,
	);
	tell(`written to ${file}`);
}

async function measureSystems(
	options: Options,
	programs: string,
	has: (part: Part) => boolean,
): Promise<Figures['systems']> {
	tell('loading the models; where there are none yet they are trained, once, which takes about a minute');
	await openMind(readSettings(Settings, { DATA_DIR: dataDir }), tell);
	const services = await startServices(join(dataDir, 'models'), programs, tell);
	let ending: Promise<void> | undefined;
	const end = (trouble?: unknown) => {
		ending ??= endEverything(services, trouble);
		return ending;
	};
	for (const event of ['SIGINT', 'SIGTERM', 'uncaughtException']) process.on(event, trouble => void end(trouble));
	const systems: Figures['systems'] = [];
	try {
		const sink = await startSink(services.logs);
		const ground = { ...options, services, sink, makeTickets: createTicketSource(), tell };
		for (const rung of options.rungs) {
			const rounds = { skeleton: [] as SystemFigures[], product: [] as SystemFigures[] };
			// In turn: a machine that others share is faster in one minute than in the next.
			for (let round = 0; round < options.rounds; round++) {
				if (has('skeleton')) {
					const everything = { throughput: true, model: true };
					rounds.skeleton.push(await measureSystem({ name: 'skeleton', rung }, everything, ground));
				}
				if (has('extractive') || has('model')) {
					const asked = { throughput: has('extractive'), model: has('model') };
					rounds.product.push(await measureSystem({ name: 'product', rung }, asked, ground));
				}
			}
			systems.push(...medianRound(rounds.skeleton), ...medianRound(rounds.product));
		}
	} catch (error) {
		await end(error);
	}
	await end();
	return systems;
}

/** @param trouble what ended the run before its time: then the process ends too, and the logs stay. */
async function endEverything(services: Services, trouble: unknown): Promise<void> {
	await stopChildren();
	await services.stop();
	if (trouble === undefined) return rm(services.logs, { recursive: true });
	tell(trouble instanceof Error ? `${trouble.stack}` : `${trouble}: stopped`);
	tell(`the logs of all processes are in ${services.logs}`);
	process.exit(1);
}
