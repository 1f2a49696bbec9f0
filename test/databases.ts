import { type Database, migrate } from '../src/database/database.ts';
import { openPglite } from '../src/database/open-pglite.ts';
import { openPostgres } from '../src/database/open-postgres.ts';
import { databaseTemplate } from './database-template.ts';
import { createDatabase, postgresUrl } from './services.ts';

/** A migrated database of a test's own. */
export interface TestDatabase {
	database: Database;
	close(): Promise<void>;
}

/** One on every engine there is: PostgreSQL only where it answers. */
export const databases: Record<string, () => Promise<TestDatabase>> = { PGlite: openEmbedded };
if (postgresUrl) databases.PostgreSQL = () => openOnServer(postgresUrl as string);

export async function openEmbedded(): Promise<TestDatabase> {
	const database = await openPglite(undefined, await databaseTemplate());
	return { database, close: () => database.close() };
}

export async function openOnServer(server: string): Promise<TestDatabase> {
	const own = await createDatabase(server);
	const database = await openPostgres(own.url);
	await migrate(database.query);
	const close = async () => {
		await database.close();
		await own.drop();
	};
	return { database, close };
}
