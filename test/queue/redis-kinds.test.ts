import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type BullmqQueue, createBullmqQueue } from '../../src/queue/bullmq-queue.ts';
import { openRedisQueue } from '../../src/queue/redis-queue.ts';
import { hasRedisServer } from '../chaos/private-services.ts';
import { idleJobs } from '../fakes/idle-jobs.ts';
import { quietLog } from '../stage.ts';
import { has, startBehindSentinel, startCluster, startOverTls, until } from './redis-servers.ts';

/** A queue that notes which conversations it was ticked for. */
async function open(url: string): Promise<{ queue: BullmqQueue; ran: string[] }> {
	const engine = await openRedisQueue(url, '{understudy-test}', quietLog);
	onTestFinished(() => engine.close());
	const queue = createBullmqQueue(engine, quietLog);
	onTestFinished(() => queue.close(1000));
	const ran: string[] = [];
	await queue.work({ ...idleJobs, respond: { run: async ({ conversationId }) => void ran.push(conversationId) } });
	return { queue, ran };
}

const conversation = (number: number) => ({
	conversationId: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
});

const canRun = hasRedisServer() && has('redis-cli') && has('openssl');
if (!canRun) {
	const missing = 'the programs redis-server, redis-cli and openssl';
	if (process.env.CI) throw new Error(`The kinds of Redis need ${missing}; in CI they must be there.`);
	process.stderr.write(`SKIPPED: the kinds of Redis need ${missing} on this machine.\n`);
}

describe.runIf(canRun)('the queue', () => {
	it('goes on with the replica that a Sentinel makes the master', async () => {
		const sentinel = await startBehindSentinel();
		const { queue, ran } = await open(sentinel.url);
		await queue.tick('respond', conversation(1));
		await until(async () => ran.length === 1);
		await sentinel.killMaster();
		await until(() => sentinel.hasNewMaster(), 30_000);
		// Announcing fails while nobody answers: that is the sweeper's to make up for, by trying again.
		await until(() => queue.tick('respond', conversation(2)).then(() => true), 20_000);
		await until(async () => ran.includes(conversation(2).conversationId), 20_000);
	}, 90_000);

	it('lives in a Cluster', async () => {
		const { queue, ran } = await open((await startCluster()).url);
		const many = Array.from({ length: 20 }, (_, number) => conversation(number));
		await Promise.all(many.map(one => queue.tick('respond', one)));
		await queue.tickAll('respond', many.slice(0, 3));
		await until(async () => new Set(ran).size === many.length);
	}, 60_000);

	it('speaks TLS with a server that is vouched for, and with no other', async () => {
		const { url, authority } = await startOverTls();
		await expect(openRedisQueue(url, '{understudy-test}', quietLog)).rejects.toThrow(/certificate/);
		// Whom Node trusts is settled when a process starts.
		const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'tick-once.ts'), url], {
			env: { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: authority },
			timeout: 30_000,
		});
		expect(stdout).toContain('ran 00000000-0000-4000-8000-000000000001');
	}, 60_000);
});
