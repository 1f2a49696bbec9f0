import { EventEmitter } from 'node:events';
import type { PGlite } from '@electric-sql/pglite';
import { createPostgresBackend, type PgPool, type PgPoolClient, type PgQueryResult, runMigrations } from 'bullmq';
import type { QueueEngine } from './bullmq-queue.ts';

/** The embedded queue: BullMQ's PostgreSQL backend on the PGlite that holds the data. One process. */
export async function openPgliteQueue(pglite: PGlite): Promise<QueueEngine> {
	const pool = createPglitePool(pglite);
	const client = await pool.connect();
	await runMigrations(client);
	client.release();
	return { connection: pool, backend: createPostgresBackend, ping: () => pool.query('select 1') };
}

/** The few members of `pg.Pool` that BullMQ uses, on a PGlite: every "connection" is the one there is. */
function createPglitePool(pglite: PGlite): PgPool {
	const query = async <R>(text: string, params?: readonly unknown[]): Promise<PgQueryResult<R>> => {
		// The extended protocol takes one statement at a time; BullMQ's migrations are scripts without parameters.
		const isScript = !params?.length && /;\s*\S/.test(text);
		const result = isScript ? (await pglite.exec(text)).at(-1) : await pglite.query(text, params && [...params]);
		const rows = (result?.rows ?? []) as R[];
		return { rows, rowCount: result?.affectedRows || rows.length };
	};

	const connect = async (): Promise<PgPoolClient> => {
		const emitter = new EventEmitter();
		emitter.setMaxListeners(0);
		const stop = pglite.onNotification((channel, payload) => emitter.emit('notification', { channel, payload }));
		return Object.assign(emitter, { query, release: () => stop() }) as PgPoolClient;
	};

	const emitter = new EventEmitter();
	emitter.setMaxListeners(0);
	return Object.assign(emitter, { query, connect, end: async () => undefined }) as PgPool;
}
