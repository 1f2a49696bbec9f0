import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrations } from './migrations.ts';
import type { Schema } from './schema.ts';

/** The database as the rest of the code sees it: queries, and a change feed. Which engine is behind it is `open-*.ts`' matter. */
export interface Database {
	query: Kysely<Schema>;
	/** Calls `onPayload` for every notification on `channel`, from any process, until the returned function is called. */
	listen(channel: string, onPayload: (payload: string) => void): Promise<() => Promise<void>>;
	close(): Promise<void>;
}

/** Brings the tables up to date. Safe to call at every start, from several processes. */
export async function migrate(query: Kysely<Schema>): Promise<void> {
	const migrator = new Migrator({ db: query, provider: { getMigrations: async () => migrations } });
	const { error } = await migrator.migrateToLatest();
	if (error) throw error;
}
