import { mkdir } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect } from 'kysely';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';

/** The embedded database and the raw handle that the embedded queue shares with it. */
export interface EmbeddedDatabase extends Database {
	pglite: PGlite;
}

/**
 * PostgreSQL in this process. Files live in `directory`; without one, in memory.
 * PGlite runs with fsync off: it survives a killed process, not a power cut.
 */
export async function openPglite(directory?: string, template?: Blob): Promise<EmbeddedDatabase> {
	if (directory) await mkdir(directory, { recursive: true });
	const pglite = await PGlite.create({
		...(directory ? { dataDir: directory } : {}),
		...(template ? { loadDataDir: template } : {}),
		// The embedded queue's statements name their tables bare; ours are found after it.
	});
	await pglite.exec('create schema if not exists bullmq; set search_path to public, bullmq');
	const query = new Kysely<Schema>({ dialect: new PGliteDialect({ pglite }) });
	return {
		pglite,
		query,
		listen: async (channel, onPayload) => {
			const stop = await pglite.listen(channel, onPayload);
			return () => stop();
		},
		close: async () => {
			await query.destroy();
			if (!pglite.closed) await pglite.close();
		},
	};
}
