import { join } from 'node:path';
import { type Child, startChild } from './child.ts';
import type { ProcessGroups } from './cpu.ts';
import type { Rung, Services } from './services.ts';
import type { Sink } from './sink.ts';
import { webhookSecret } from './tickets.ts';

export const systemNames = ['skeleton', 'product'] as const;
export type SystemName = (typeof systemNames)[number];

/** What is measured, up and waiting for webhooks. */
export interface System {
	name: SystemName;
	rung: Rung;
	webhookUrl: string;
	/** Every process that takes part. */
	groups: ProcessGroups;
	/** Those that work; where web and worker are one process, that one. */
	workers: readonly Child[];
	/** Whether the workers can stand still while webhooks are taken. */
	isSplit: boolean;
	stop(): Promise<void>;
}

export interface SystemOptions {
	name: SystemName;
	rung: Rung;
	/** How many worker processes. */
	processes: number;
	/** Whether a simulated model thinks 1 to 3 s about every ticket. */
	hasModel: boolean;
}

/** How many conversations a process has under way where each waits for a model. */
const modelConcurrency = 500;

/** Starts a system on fresh engines, as many processes as it would be run in: one on PGlite, `web` and `worker` elsewhere. */
export async function startSystem(options: SystemOptions, services: Services, sink: Sink): Promise<System> {
	const { name, rung, hasModel } = options;
	const engines = await (name === 'product' ? services.withKnowledge(rung) : services.bare(rung));
	const env = {
		...engines,
		...(name === 'product' ? productSettings(sink) : { SINK_URL: sink.url }),
		...(hasModel ? { HAS_MODEL: 'yes', CONCURRENCY: String(modelConcurrency) } : {}),
	};
	const start = (role: string, number = '') =>
		startChild(
			`${name}-process.ts`,
			{ ...env, ROLE: role },
			join(services.logs, `${name}-${rung}-${role}${number}.log`),
		);
	const isSplit = rung !== 'pglite';
	// One after the other: the first makes the tables.
	const web = await start(isSplit ? 'web' : 'all');
	const workers = isSplit
		? await Promise.all(Array.from({ length: options.processes }, (_, i) => start('worker', String(i))))
		: [web];
	return {
		name,
		rung,
		webhookUrl: `http://127.0.0.1:${web.port}/webhooks/zendesk`,
		groups: {
			...(isSplit ? { web: [web.pid], worker: workers.map(({ pid }) => pid) } : { all: [web.pid] }),
			...services.processes(rung),
			sink: [sink.pid],
			load: [process.pid],
		},
		workers,
		isSplit,
		async stop() {
			await Promise.all([...new Set([web, ...workers])].map(child => child.stop()));
		},
	};
}

function productSettings(sink: Sink): Record<string, string> {
	return {
		SETTLE_MS: '0',
		LOG_LEVEL: 'info',
		ZENDESK_URL: sink.url,
		ZENDESK_CLIENT_ID: 'bench',
		ZENDESK_CLIENT_SECRET: 'bench',
		ZENDESK_WEBHOOK_SECRET: webhookSecret,
	};
}
