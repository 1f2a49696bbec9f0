import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import pg from 'pg';
import { root } from '../../src/assemble.ts';
import { articlesDir } from '../../src/demo/shop.ts';
import { startPostgres, startRedis } from '../chaos/private-services.ts';
import { childrenNamed, type ProcessGroups } from './cpu.ts';

export const rungs = ['postgres', 'redis', 'pglite'] as const;
/** Where the queue is, and with it the database. */
export type Rung = (typeof rungs)[number];

/** The engines of a run. Everything that is measured gets fresh ones: a database of its own, an empty Redis. */
export interface Services {
	/** The folder of everything that is written on the way; the caller's to remove. */
	logs: string;
	/** Environment of the skeleton on this rung. */
	bare(rung: Rung): Promise<Record<string, string>>;
	/** Environment of the product on this rung, with the demo's knowledge in it. */
	withKnowledge(rung: Rung): Promise<Record<string, string>>;
	/** The servers that take part on this rung. */
	processes(rung: Rung): ProcessGroups;
	stop(): Promise<void>;
}

/** @param modelsDir the models that were trained before. @param programs where PostgreSQL's are. */
export async function startServices(
	modelsDir: string,
	programs: string,
	tell: (line: string) => void,
): Promise<Services> {
	const folder = await mkdtemp(join(tmpdir(), 'understudy-bench-'));
	const postgres = await startPostgres(programs);
	const redis = await startRedis().catch(async error => {
		await postgres.stop();
		throw error;
	});
	const redisClient = new Redis(redis.url);
	let made = 0;
	const dataDir = async () => {
		const directory = join(folder, `data-${++made}`);
		await mkdir(directory);
		await symlink(modelsDir, join(directory, 'models'));
		return directory;
	};
	const createDatabase = async (template = 'template1') => {
		const name = `bench_${++made}`;
		await ask(postgres.url, `create database ${name} template ${template}`);
		return { name, url: postgres.url.replace(/\/postgres$/, `/${name}`) };
	};
	// Imported once, copied for every measurement.
	let known: Promise<{ name: string; url: string }> | undefined;
	let knownEmbedded: Promise<string> | undefined;
	const importInto = async (env: Record<string, string>) => {
		tell('importing the shop’s help pages');
		const call = [join(root, 'src/cli.ts'), 'import', articlesDir];
		await promisify(execFile)(process.execPath, call, { env: { PATH: process.env.PATH, ...env }, timeout: 180_000 });
	};
	const importToServer = async () => {
		const database = await createDatabase();
		// The ticks of the import go to Redis, and away with what else is in it.
		await importInto({ DATABASE_URL: database.url, REDIS_URL: redis.url, DATA_DIR: await dataDir() });
		return database;
	};
	const importEmbedded = async () => {
		const directory = await dataDir();
		await importInto({ DATA_DIR: directory });
		return directory;
	};
	const onServers = async (rung: Rung, url: string) => {
		await redisClient.flushall();
		return { DATABASE_URL: url, ...(rung === 'redis' ? { REDIS_URL: redis.url } : {}), DATA_DIR: await dataDir() };
	};
	return {
		logs: folder,
		async bare(rung) {
			if (rung === 'pglite') return { DATA_DIR: join(await dataDir(), 'database') };
			return onServers(rung, (await createDatabase()).url);
		},
		async withKnowledge(rung) {
			if (rung === 'pglite') {
				knownEmbedded ??= importEmbedded();
				const directory = await dataDir();
				await cp(join(await knownEmbedded, 'database'), join(directory, 'database'), { recursive: true });
				return { DATA_DIR: directory };
			}
			known ??= importToServer();
			return onServers(rung, (await createDatabase((await known).name)).url);
		},
		processes: rung => ({
			...(rung === 'pglite' ? {} : { postgres: childrenNamed('postgres') }),
			...(rung === 'redis' ? { redis: childrenNamed('redis-server') } : {}),
		}),
		async stop() {
			redisClient.disconnect();
			await redis.stop();
			await postgres.stop();
		},
	};
}

async function ask(url: string, statement: string): Promise<void> {
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	await client.query(statement).finally(() => client.end());
}
