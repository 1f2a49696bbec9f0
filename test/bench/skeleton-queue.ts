import type { PGlite } from '@electric-sql/pglite';
import { type ConnectionOptions, createPostgresBackend, Queue, runMigrations, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { openPgliteQueue } from '../../src/queue/pglite-pool.ts';
import { createBatch } from './batch.ts';

/** BullMQ on one engine, with nothing around it but that many ticks go in one call. */
export interface SkeletonQueue {
	/** Asks for a run over one conversation; while one is under way, for one more after it. */
	tick(conversationId: string): Promise<unknown>;
	work(run: (conversationId: string) => Promise<void>, concurrency: number): Promise<void>;
}

export interface SkeletonEngine {
	connection: unknown;
	backend?: typeof createPostgresBackend;
}

export function createSkeletonQueue(name: string, { connection, backend }: SkeletonEngine): SkeletonQueue {
	const defaultJobOptions = { removeOnComplete: true, removeOnFail: true, attempts: 5 };
	const queue = new Queue<Tick>(
		name,
		{ connection: connection as ConnectionOptions, defaultJobOptions },
		backend as never,
	);
	const tickTogether = createBatch(
		(ids: readonly string[]) =>
			queue.addBulk(ids.map(id => ({ name, data: { id }, opts: { deduplication: { id, keepLastIfActive: true } } }))),
		{ lanes: 2 },
	);
	return {
		tick: tickTogether,
		async work(run, concurrency) {
			const options = { connection: connection as ConnectionOptions, concurrency, lockDuration: 10_000 };
			const worker = new Worker<Tick>(name, job => run(job.data.id), options, backend as never);
			worker.on('failed', (_job, error) => process.stderr.write(`${name} failed: ${error.stack}\n`));
			worker.on('error', error => process.stderr.write(`${name}: ${error.stack}\n`));
			await worker.waitUntilReady();
		},
	};
}

export function queueOnRedis(url: string): SkeletonEngine {
	return { connection: new Redis(url, { maxRetriesPerRequest: null, enableAutoPipelining: true }) };
}

export async function queueOnPostgres(url: string): Promise<SkeletonEngine> {
	const pool = new pg.Pool({ connectionString: url, max: 16, options: '-c search_path=bullmq' });
	const client = await pool.connect();
	await runMigrations(client, 'bullmq');
	client.release();
	return { connection: pool, backend: createPostgresBackend };
}

export async function queueOnPglite(pglite: PGlite): Promise<SkeletonEngine> {
	const { connection, backend } = await openPgliteQueue(pglite);
	return { connection, ...(backend ? { backend } : {}) };
}

interface Tick {
	id: string;
}
