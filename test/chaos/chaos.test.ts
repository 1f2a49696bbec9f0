import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMind } from '../../src/assemble.ts';
import { readSettings, Settings } from '../../src/config.ts';
import { findPostgresPrograms, hasRedisServer } from './private-services.ts';
import { runChaos } from './run-chaos.ts';
import { writeSmallLocales } from './small-locales.ts';

const programs = await findPostgresPrograms();
const canRun = programs !== undefined && hasRedisServer();
if (!canRun) {
	const missing = 'the programs of PostgreSQL (initdb, postgres) and redis-server';
	if (process.env.CI) throw new Error(`Chaos needs ${missing}; in CI they must be there.`);
	process.stderr.write(`SKIPPED: chaos needs ${missing} on this machine.\n`);
}

// A short run; `npm run chaos -- --tickets 20000` is the long one.
describe.runIf(canRun)(
	'while processes are killed and everything fails, no reply is lost, doubled or out of order',
	() => {
		let folder: string;
		beforeAll(async () => {
			folder = await mkdtemp(join(tmpdir(), 'understudy-chaos-models-'));
			await writeSmallLocales(join(folder, 'locales'));
			await openMind(readSettings(Settings, { DATA_DIR: folder, LOCALES_DIR: join(folder, 'locales') }));
		}, 120_000);
		afterAll(() => rm(folder, { recursive: true }));

		it.concurrent.each(['postgres', 'redis'] as const)('with the queue in %s', { timeout: 180_000 }, async rung => {
			const heard: string[] = [];
			const { lost, doubled, disordered, tickets, acknowledged, settleSeconds, logs } = await runChaos({
				tickets: 30,
				seed: 11,
				rung,
				rate: 5,
				mischiefEveryMs: 1500,
				programs: programs as string,
				modelsDir: folder,
				localesDir: join(folder, 'locales'),
				settleTimeoutMs: 90_000,
				tell: line => heard.push(line),
			});
			expect({ lost, doubled, disordered, logs }, heard.join('\n')).toEqual({
				lost: [],
				doubled: [],
				disordered: [],
				logs: '',
			});
			expect(tickets).toBe(30);
			expect(acknowledged).toBeGreaterThan(10);
			expect(settleSeconds).toBeLessThan(90);
		});
	},
);
