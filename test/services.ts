import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import pg from 'pg';

/** PostgreSQL for the suites that need a server, where one answers; undefined, and said so, elsewhere. */
export const postgresUrl = await findPostgres();

async function findPostgres(): Promise<string | undefined> {
	const url = process.env.DATABASE_URL ?? 'postgres://127.0.0.1:5432/test';
	const { hostname, port } = new URL(url);
	if (await answers(hostname, Number(port || 5432))) {
		return process.env.DATABASE_URL ?? `postgres://${process.env.USER ?? 'root'}@127.0.0.1:5432/test`;
	}
	if (process.env.CI) throw new Error(`PostgreSQL does not answer at ${hostname}:${port || 5432}; in CI it must.`);
	process.stderr.write(
		`SKIPPED: PostgreSQL does not answer at ${hostname}:${port || 5432}, its suites were left out.\n`,
	);
	return undefined;
}

function answers(host: string, port: number): Promise<boolean> {
	return new Promise(resolve => {
		const socket = connect({ host, port, timeout: 1000 });
		const done = (isThere: boolean) => {
			socket.destroy();
			resolve(isThere);
		};
		socket.once('connect', () => done(true));
		socket.once('error', () => done(false));
		socket.once('timeout', () => done(false));
	});
}

/** A database of a test's own on the server, and what drops it with everybody still in it. */
export async function createDatabase(server: string): Promise<{ url: string; drop(): Promise<void> }> {
	const name = `understudy_test_${randomUUID().slice(0, 8)}`;
	const run = async (statement: string) => {
		const client = new pg.Client({ connectionString: server });
		await client.connect();
		await client.query(statement);
		await client.end();
	};
	await run(`create database ${name}`);
	const url = new URL(server);
	url.pathname = `/${name}`;
	return { url: url.href, drop: () => run(`drop database ${name} with (force)`) };
}
