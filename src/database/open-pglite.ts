import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { type Dialect, Kysely, PGliteDialect } from 'kysely';
import type { Database } from './database.ts';
import { lockDirectory } from './process-lock.ts';
import type { Schema } from './schema.ts';
import { applicationRole, createTenantDialect } from './tenant-dialect.ts';

/** The embedded database and the raw handle that the embedded queue shares with it. */
export interface EmbeddedDatabase extends Database {
	pglite: PGlite;
}

/**
 * PostgreSQL in this process. Files live in `directory`; without one, in memory.
 * PGlite runs with fsync off: it survives a killed process, not a power cut.
 */
export async function openPglite(directory?: string, template?: Blob): Promise<EmbeddedDatabase> {
	const unlock = directory ? await lockDirectory(directory) : undefined;
	const pglite = await PGlite.create({
		...(directory ? { dataDir: join(directory, 'files') } : {}),
		...(template ? { loadDataDir: template } : {}),
	});
	// The embedded queue names its tables bare; none of them has the name of one of ours.
	await pglite.exec('create schema if not exists bullmq; set search_path to public, bullmq');
	let isClosed = false;
	const dialect = refusing(new PGliteDialect({ pglite }), () => isClosed);
	const query = new Kysely<Schema>({ dialect });
	return {
		pglite,
		query,
		// PGlite's one user is a superuser, whom row-level security does not bind.
		forTenant: tenantId => new Kysely<Schema>({ dialect: createTenantDialect(dialect, tenantId, applicationRole) }),
		listen: async (channel, onPayload) => {
			const stop = await pglite.listen(channel, onPayload);
			return () => stop();
		},
		close: async () => {
			isClosed = true;
			await query.destroy();
			if (!pglite.closed) await pglite.close();
			await unlock?.();
		},
	};
}

/** Kysely would begin a transaction on a closed PGlite by waiting for ever, beside a rejection that nobody can catch. */
function refusing(dialect: Dialect, isClosed: () => boolean): Dialect {
	return {
		createAdapter: () => dialect.createAdapter(),
		createIntrospector: db => dialect.createIntrospector(db),
		createQueryCompiler: () => dialect.createQueryCompiler(),
		createDriver: () => {
			const driver = dialect.createDriver();
			const begin = driver.beginTransaction.bind(driver);
			driver.beginTransaction = async (connection, settings) => {
				if (isClosed()) throw new Error('the database connection is closed');
				await begin(connection, settings);
			};
			return driver;
		},
	};
}
