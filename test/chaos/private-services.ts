// PostgreSQL and Redis of a run's own, on free ports, to be killed, paused and emptied.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

export interface PrivatePostgres {
	url: string;
	/** Kills every server process at once, as a crash would, and starts again. */
	crash(): Promise<void>;
	/** Ends every connection but its own. */
	cutConnections(): Promise<void>;
	stop(): Promise<void>;
}

export interface PrivateRedis {
	url: string;
	/** Kills it; what it held is gone when it starts again. */
	killAndEmpty(downMs: number): Promise<void>;
	/** Answers nobody for a while. */
	pause(ms: number): Promise<void>;
	stop(): Promise<void>;
}

/** Where PostgreSQL's programs are; undefined where they are not installed. */
export async function findPostgresPrograms(): Promise<string | undefined> {
	const debian = '/usr/lib/postgresql';
	const versions = existsSync(debian) ? (await readdir(debian)).sort((a, b) => Number(b) - Number(a)) : [];
	const folders = [...versions.map(version => join(debian, version, 'bin')), ...(process.env.PATH ?? '').split(':')];
	return folders.find(folder => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

export function hasRedisServer(): boolean {
	return (process.env.PATH ?? '').split(':').some(folder => existsSync(join(folder, 'redis-server')));
}

export async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	await new Promise(resolve => server.close(resolve));
	if (address === null || typeof address === 'string') throw new Error('no port');
	return address.port;
}

/**
 * A fresh cluster in a folder of its own. The machine itself does not crash here, so nothing waits for the disk.
 * @param dataFolder an empty folder for its data, its write-ahead log apart; in the same place where there is none.
 */
export async function startPostgres(programs: string, dataFolder?: string): Promise<PrivatePostgres> {
	const folder = await mkdtemp(join(tmpdir(), 'understudy-postgres-'));
	const data = dataFolder ?? join(folder, 'data');
	await mkdir(data, { recursive: true });
	// PostgreSQL refuses to run as root.
	const owner = process.getuid?.() === 0 ? await idsOf('postgres') : undefined;
	if (owner) for (const path of [folder, data]) await chown(path, owner.uid, owner.gid);
	const as = owner ? { uid: owner.uid, gid: owner.gid } : {};
	const apart = dataFolder === undefined ? [] : ['--waldir', join(folder, 'wal')];
	await run(join(programs, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'understudy', '--no-sync', ...apart], as);
	const port = await freePort();
	const url = `postgres://understudy@127.0.0.1:${port}/postgres`;
	let server: ChildProcess;
	const start = async () => {
		const settings = ['fsync=off', 'max_connections=200', 'shared_buffers=128MB', `unix_socket_directories=${folder}`];
		const options = settings.flatMap(setting => ['-c', setting]);
		server = spawn(join(programs, 'postgres'), ['-D', data, '-p', String(port), ...options], {
			...as,
			stdio: 'ignore',
		});
		await until(() => ask(url, 'select 1'), 20_000, 'PostgreSQL does not start');
	};
	const end = async (signal: 'SIGQUIT' | 'SIGINT') => {
		const gone = new Promise(resolve => server.once('exit', resolve));
		server.kill(signal);
		await gone;
	};
	await start();
	return {
		url,
		async crash() {
			await end('SIGQUIT');
			await start();
		},
		async cutConnections() {
			await ask(url, 'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()');
		},
		async stop() {
			await end('SIGINT');
			await rm(folder, { recursive: true, force: true });
		},
	};
}

export async function startRedis(): Promise<PrivateRedis> {
	const port = await freePort();
	let server: ChildProcess;
	const start = async () => {
		const quiet = ['--save', '', '--appendonly', 'no', '--bind', '127.0.0.1', '--maxmemory-policy', 'noeviction'];
		server = spawn('redis-server', ['--port', String(port), ...quiet], { stdio: 'ignore', cwd: tmpdir() });
		await until(() => reach(port), 5000, 'Redis does not start');
	};
	const kill = async () => {
		const gone = new Promise(resolve => server.once('exit', resolve));
		server.kill('SIGKILL');
		await gone;
	};
	await start();
	return {
		url: `redis://127.0.0.1:${port}`,
		async killAndEmpty(downMs) {
			await kill();
			await sleep(downMs);
			await start();
		},
		async pause(ms) {
			server.kill('SIGSTOP');
			await sleep(ms);
			server.kill('SIGCONT');
		},
		stop: kill,
	};
}

async function idsOf(user: string): Promise<{ uid: number; gid: number }> {
	const [uid, gid] = await Promise.all(['-u', '-g'].map(async flag => Number((await run('id', [flag, user])).stdout)));
	return { uid: uid as number, gid: gid as number };
}

async function ask(url: string, statement: string): Promise<void> {
	const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
	client.on('error', () => undefined);
	await client.connect();
	await client.query(statement).finally(() => client.end());
}

async function reach(port: number): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		const socket = connect(port, '127.0.0.1', () => {
			socket.destroy();
			resolve();
		});
		socket.once('error', reject);
	});
}

async function until(attempt: () => Promise<void>, timeoutMs: number, failure: string): Promise<void> {
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		try {
			return await attempt();
		} catch (cause) {
			if (Date.now() > deadline) throw new Error(failure, { cause });
			await sleep(50);
		}
	}
}
