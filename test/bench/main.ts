import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openMind, root } from '../../src/assemble.ts';
import { readSettings, Settings } from '../../src/config.ts';
import { findPostgresPrograms, hasRedisServer } from '../chaos/private-services.ts';
import { stopChildren } from './child.ts';
import { measureSystem, type SystemFigures } from './measure-system.ts';
import { help, type Options, readOptions } from './options.ts';
import { describe } from './report.ts';
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
	const { parts, rungs } = options;
	const figures: SystemFigures[] = [];
	if (parts.some(part => part !== 'search')) {
		// Trained once here, which takes about a minute; loaded by every process that starts.
		await openMind(readSettings(Settings, { DATA_DIR: dataDir }), tell);
		const services = await startServices(join(dataDir, 'models'), programs, tell);
		const stop = async () => {
			await stopChildren();
			await services.stop();
		};
		for (const signal of ['SIGINT', 'SIGTERM'] as const)
			process.once(signal, () => void stop().then(() => process.exit(1)));
		try {
			const sink = await startSink(services.logs);
			const ground = { ...options, services, sink, makeTickets: createTicketSource(), tell };
			const has = (part: Options['parts'][number]) => parts.includes(part);
			for (const rung of rungs) {
				if (has('skeleton')) {
					const all = { throughput: true, model: true };
					figures.push(await measureSystem({ name: 'skeleton', rung }, all, ground));
				}
				if (has('extractive') || has('model')) {
					const asked = { throughput: has('extractive'), model: has('model') };
					figures.push(await measureSystem({ name: 'product', rung }, asked, ground));
				}
			}
		} finally {
			await stop();
		}
	}
	process.stdout.write(`${describe(figures)}\n`);
	const file = options.json ?? join(dataDir, 'bench.json');
	await writeFile(file, `${JSON.stringify({ options, systems: figures }, null, '\t')}\n`);
	tell(`written to ${file}`);
}
