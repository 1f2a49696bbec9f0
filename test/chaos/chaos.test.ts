import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openMind, root } from '../../src/assemble.ts';
import { readSettings, Settings } from '../../src/config.ts';
import { findPostgresPrograms, hasRedisServer } from './private-services.ts';
import { runChaos } from './run-chaos.ts';

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
		const modelsDir = join(root, '.data');
		beforeAll(async () => {
			await openMind(readSettings(Settings, { DATA_DIR: modelsDir }));
		}, 180_000);

		it.each(['postgres', 'redis'] as const)('with the queue in %s', { timeout: 180_000 }, async rung => {
			const heard: string[] = [];
			const { lost, doubled, disordered, tickets, acknowledged, settleSeconds, logs } = await runChaos({
				tickets: 50,
				seed: 11,
				rung,
				rate: 5,
				mischiefEveryMs: 2000,
				programs: programs as string,
				modelsDir,
				settleTimeoutMs: 90_000,
				tell: line => heard.push(line),
			});
			expect({ lost, doubled, disordered, logs }, heard.join('\n')).toEqual({
				lost: [],
				doubled: [],
				disordered: [],
				logs: '',
			});
			expect(tickets).toBe(50);
			expect(acknowledged).toBeGreaterThan(20);
			expect(settleSeconds).toBeLessThan(90);
		});
	},
);
