import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { UnderstudyError } from '../errors.ts';
import { migrations } from './migrations.ts';
import type { Schema } from './schema.ts';

/** The database as the rest of the code sees it: queries, and a change feed. Which engine is behind it is `open-*.ts`' matter. */
export interface Database {
	/** For migrations and for looking at everything: the connection's own rights, of no tenant. */
	query: Kysely<Schema>;
	/** Sees and touches the rows of one tenant alone; what the product works with. */
	forTenant(tenantId: string): Kysely<Schema>;
	/** Calls `onPayload` for every notification on `channel`, from any process, until the returned function is called. */
	listen(channel: string, onPayload: (payload: string) => void): Promise<() => Promise<void>>;
	close(): Promise<void>;
}

/**
 * Brings the tables up to date, under an advisory lock: of several processes that start at once one does it, the others wait.
 * @returns the names of the migrations that were applied, none where there was nothing to do.
 * @throws UnderstudyError where a later version has been here: its tables may mean what this one does not know.
 */
export async function migrate(query: Kysely<Schema>): Promise<string[]> {
	const migrator = new Migrator({ db: query, provider: { getMigrations: async () => migrations } });
	const unknown = (await appliedMigrations(query)).filter(name => !(name in migrations));
	if (unknown.length > 0) {
		throw new UnderstudyError(
			'DATABASE_NEWER',
			`The database belongs to a later version of Understudy (${unknown.join(', ')} is not known here). Start that version, or restore a backup made before it.`,
		);
	}
	const { error, results = [] } = await migrator.migrateToLatest();
	if (error) throw error;
	return results.filter(({ status }) => status === 'Success').map(({ migrationName }) => migrationName);
}

/** None in a database that is new. The library's own check would only call the history corrupted. */
async function appliedMigrations(query: Kysely<Schema>): Promise<string[]> {
	const { rows } = await sql<{ name: string | null }>`select to_regclass('kysely_migration')::text as name`.execute(
		query,
	);
	if (!rows[0]?.name) return [];
	const applied = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(query);
	return applied.rows.map(({ name }) => name);
}
