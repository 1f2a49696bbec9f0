import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { openMind, root } from '../../src/assemble.ts';
import { readSettings, Settings } from '../../src/config.ts';
import { findPostgresPrograms, hasRedisServer } from '../chaos/private-services.ts';
import { stopChildren } from './child.ts';
import { measureSearch } from './measure-search.ts';
import { measureSystem } from './measure-system.ts';
import { help, type Options, type Part, readOptions } from './options.ts';
import { describeFigures, type Figures } from './report.ts';
import { startServices } from './services.ts';
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
		// Trained once here, which takes about a minute; loaded by every process that starts.
		await openMind(readSettings(Settings, { DATA_DIR: dataDir }), tell);
		const services = await startServices(join(dataDir, 'models'), programs, tell);
		const stop = async () => {
			await stopChildren();
			await services.stop();
		};
		const stopEarly = (why: unknown) => {
			tell(why instanceof Error ? (why.stack ?? why.message) : `${why}: stopping`);
			void stop().finally(() => process.exit(1));
		};
		for (const event of ['SIGINT', 'SIGTERM', 'uncaughtException']) process.once(event, stopEarly);
		try {
			const sink = await startSink(services.logs);
			const ground = { ...options, services, sink, makeTickets: createTicketSource(), tell };
			for (const rung of options.rungs) {
				if (has('skeleton')) {
					const everything = { throughput: true, model: true };
					figures.systems.push(await measureSystem({ name: 'skeleton', rung }, everything, ground));
				}
				if (has('extractive') || has('model')) {
					const asked = { throughput: has('extractive'), model: has('model') };
					figures.systems.push(await measureSystem({ name: 'product', rung }, asked, ground));
				}
			}
		} finally {
			await stop();
		}
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
