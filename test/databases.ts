import { randomUUID } from 'node:crypto';
import pg from 'pg';
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

/** The same, and one whose user owns the tables and nothing else: no superuser, and no role of the application's. */
export const installations = { ...databases };
if (postgresUrl) installations['PostgreSQL without a superuser'] = () => openAsPlainOwner(postgresUrl as string);

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

async function openAsPlainOwner(server: string): Promise<TestDatabase> {
	const own = await createDatabase(server);
	const role = `understudy_test_${randomUUID().slice(0, 8)}`;
	const asSuperuser = async (...statements: string[]) => {
		const client = new pg.Client({ connectionString: own.url });
		await client.connect();
		for (const statement of statements) await client.query(statement);
		await client.end();
	};
	await asSuperuser(`create role ${role} login`, `grant all on schema public to ${role}`);
	const url = new URL(own.url);
	url.username = role;
	url.password = '';
	const database = await openPostgres(url.href);
	await migrate(database.query);
	return {
		database,
		async close() {
			await database.close();
			await asSuperuser(`drop owned by ${role}`, `drop role ${role}`);
			await own.drop();
		},
	};
}
