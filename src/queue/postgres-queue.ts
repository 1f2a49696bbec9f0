import { createPostgresBackend, runMigrations } from 'bullmq';
import pg from 'pg';
import type { QueueEngine } from './bullmq-queue.ts';

/** Where BullMQ looks for its tables when it is given a pool. */
const schema = 'bullmq';

/** BullMQ on a PostgreSQL server, in a schema of its own. */
export async function openPostgresQueue(url: string): Promise<QueueEngine & { close(): Promise<void> }> {
	const pool = new pg.Pool({ connectionString: url, max: 20, keepAlive: true, options: `-c search_path=${schema}` });
	// Every stage's queue and worker listens to the one pool: more than Node takes for a leak.
	pool.setMaxListeners(0);
	// An idle connection that drops is replaced on next use; without a listener it would end the process.
	pool.on('error', () => undefined);
	// The pool's own listener covers idle connections only; one that is cut while it works fails its query, not the process.
	pool.on('connect', client => client.on('error', () => undefined));
	try {
		const client = await pool.connect();
		await runMigrations(client, schema).finally(() => client.release());
	} catch (error) {
		await pool.end();
		throw error;
	}
	return {
		connection: pool,
		backend: createPostgresBackend,
		ping: () => pool.query('select 1'),
		close: () => pool.end(),
	};
}
