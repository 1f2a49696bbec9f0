import { createPostgresBackend, runMigrations } from 'bullmq';
import pg from 'pg';
import type { QueueEngine } from './bullmq-queue.ts';

/** BullMQ on a PostgreSQL server, in a schema of its own. The caller closes the pool. */
export async function openPostgresQueue(
	url: string,
	schema = 'bullmq',
): Promise<QueueEngine & { close(): Promise<void> }> {
	const pool = new pg.Pool({
		connectionString: url,
		max: 20,
		keepAlive: true,
		options: `-c search_path=${schema}`,
	});
	pool.on('error', () => undefined);
	const client = await pool.connect();
	try {
		await runMigrations(client, schema);
	} finally {
		client.release();
	}
	return { connection: pool, backend: createPostgresBackend, close: () => pool.end() };
}
