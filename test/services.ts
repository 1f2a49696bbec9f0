import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { Redis } from 'ioredis';
import pg from 'pg';

/** Services for the suites that need one, where they answer; undefined, and said so, elsewhere. */
export const postgresUrl = await find('PostgreSQL', process.env.DATABASE_URL, 'postgres://127.0.0.1:5432/test', url => {
	url.username ||= process.env.USER ?? 'root';
});
export const redisUrl = await find('Redis', process.env.REDIS_URL, 'redis://127.0.0.1:6379');

async function find(
	name: string,
	chosen: string | undefined,
	standard: string,
	complete: (url: URL) => void = () => undefined,
): Promise<string | undefined> {
	const url = new URL(chosen ?? standard);
	if (await answers(url.hostname, Number(url.port))) {
		if (chosen === undefined) complete(url);
		return url.href;
	}
	if (process.env.CI) throw new Error(`${name} does not answer at ${url.host}; in CI it must.`);
	process.stderr.write(`SKIPPED: ${name} does not answer at ${url.host}, its suites were left out.\n`);
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

/** Takes every key of a prefix off a Redis that others use as well. */
export async function dropKeys(server: string, prefix: string): Promise<void> {
	const redis = new Redis(server);
	for await (const keys of redis.scanStream({ match: `${prefix}:*`, count: 500 })) {
		if (keys.length) await redis.unlink(...(keys as string[]));
	}
	redis.disconnect();
}
