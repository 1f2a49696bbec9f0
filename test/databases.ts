import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { type Database, migrate } from '../src/database/database.ts';
import { openPglite } from '../src/database/open-pglite.ts';
import { openPostgres } from '../src/database/open-postgres.ts';
import { databaseTemplate } from './database-template.ts';
import { createDatabase, postgresUrl } from './services.ts';

/** Opens a migrated database of a test's own, which is gone when the test is over. */
type OpenDatabase = () => Promise<Database>;

/** One on every engine there is: PostgreSQL only where it answers. */
export const databases: Record<string, OpenDatabase> = { PGlite: openEmbedded };
if (postgresUrl) databases.PostgreSQL = openOnServer;

/** The same, and one whose user owns the tables and nothing else: no superuser, and no role of the application's. */
export const installations = { ...databases };
if (postgresUrl) installations['PostgreSQL without a superuser'] = openAsPlainOwner;

export async function openEmbedded() {
	const database = await openPglite(undefined, await databaseTemplate());
	onTestFinished(() => database.close());
	return database;
}

export async function openOnServer(): Promise<Database> {
	return openMigrated(await createOwn());
}

/** An empty database on the server. @returns its URL. */
export async function createOwn(): Promise<string> {
	const own = await createDatabase(postgresUrl as string);
	onTestFinished(() => own.drop());
	return own.url;
}

export async function openMigrated(url: string): Promise<Database> {
	const database = await openPostgres(url);
	onTestFinished(() => database.close());
	await migrate(database.query);
	return database;
}

async function openAsPlainOwner(): Promise<Database> {
	const own = await createOwn();
	const role = `understudy_test_${randomUUID().slice(0, 8)}`;
	const asSuperuser = async (...statements: string[]) => {
		const client = new pg.Client({ connectionString: own });
		await client.connect();
		for (const statement of statements) await client.query(statement);
		await client.end();
	};
	await asSuperuser(`create role ${role} login`, `grant all on schema public to ${role}`);
	onTestFinished(() => asSuperuser(`drop owned by ${role}`, `drop role ${role}`));
	const url = new URL(own);
	url.username = role;
	url.password = '';
	return openMigrated(url.href);
}
