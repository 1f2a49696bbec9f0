// Redis as it is run where one server is not enough: over TLS, behind a Sentinel, as a Cluster. On free ports, gone after the test.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { freePort } from '../chaos/private-services.ts';

const run = promisify(execFile);

/** Whether a program is installed here. */
export function has(program: string): boolean {
	try {
		execFileSync('which', [program], { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
}

interface Server {
	port: number;
	kill(): Promise<void>;
}

async function scratch(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'understudy-redis-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

/** @param port where it listens already in its settings, over TLS or as a Sentinel. */
async function start(settings: string[], port: number, ping: string[] = []): Promise<Server> {
	// A replica stores what its master sends, whatever it is told about storing.
	const server = spawn('redis-server', settings, { stdio: 'ignore', cwd: await scratch() });
	const gone = new Promise<void>(resolve => server.once('exit', () => resolve()));
	const kill = async () => {
		server.kill('SIGKILL');
		await gone;
	};
	onTestFinished(kill);
	await until(async () => (await cli(port, [...ping, 'ping'])) === 'PONG');
	return { port, kill };
}

const plain = ['--save', '', '--appendonly', 'no', '--bind', '127.0.0.1'];

export async function cli(port: number, args: string[]): Promise<string> {
	return (await run('redis-cli', ['-p', String(port), ...args])).stdout.trim();
}

export async function until(isSo: () => Promise<boolean>, timeoutMs = 15_000): Promise<void> {
	const deadline = Date.now() + timeoutMs;
	while (!(await isSo().catch(() => false))) {
		if (Date.now() > deadline) throw new Error('waited in vain');
		await sleep(50);
	}
}

/** A server that speaks TLS alone, and the certificate of the authority that vouches for it. */
export async function startOverTls(): Promise<{ url: string; authority: string }> {
	const folder = await scratch();
	const file = (name: string) => join(folder, name);
	const openssl = (...args: string[]) => run('openssl', args);
	const subject = (name: string) => ['-subj', `/CN=${name}`];
	const key = (name: string) => ['-newkey', 'rsa:2048', '-nodes', '-keyout', file(`${name}.key`)];
	await openssl('req', '-x509', ...key('ca'), ...subject('Test CA'), '-days', '2', '-out', file('ca.crt'));
	await openssl('req', ...key('server'), ...subject('localhost'), '-out', file('server.csr'));
	await writeFile(file('names'), 'subjectAltName=DNS:localhost');
	const signing = ['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '2'];
	await openssl(
		'x509',
		'-req',
		'-in',
		file('server.csr'),
		...signing,
		'-extfile',
		file('names'),
		'-out',
		file('server.crt'),
	);
	const port = await freePort();
	const tls = ['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no'];
	const certificates = ['--tls-cert-file', file('server.crt'), '--tls-key-file', file('server.key')];
	const trusted = ['--tls', '--cacert', file('ca.crt'), '-h', 'localhost'];
	await start([...tls, ...certificates, '--tls-ca-cert-file', file('ca.crt'), ...plain], port, trusted);
	return { url: `rediss://localhost:${port}`, authority: file('ca.crt') };
}

/** A master, its replica, and a Sentinel that makes the replica the master when the first is gone. */
export async function startBehindSentinel(): Promise<{
	url: string;
	killMaster(): Promise<void>;
	hasNewMaster(): Promise<boolean>;
}> {
	const folder = await scratch();
	const [masterPort, replicaPort, sentinelPort] = [await freePort(), await freePort(), await freePort()];
	const master = await start(['--port', String(masterPort), ...plain], masterPort);
	const following = ['--replicaof', '127.0.0.1', String(masterPort), '--repl-diskless-sync-delay', '0'];
	await start(['--port', String(replicaPort), ...plain, ...following], replicaPort);
	await until(async () => (await cli(replicaPort, ['info', 'replication'])).includes('master_link_status:up'));
	const settings = join(folder, 'sentinel.conf');
	await writeFile(
		settings,
		`port ${sentinelPort}
bind 127.0.0.1
sentinel monitor main 127.0.0.1 ${masterPort} 1
sentinel down-after-milliseconds main 500
sentinel failover-timeout main 3000
`,
	);
	await start([settings, '--sentinel'], sentinelPort);
	// The Sentinel hears of the replica from the master, every ten seconds and at its start.
	await until(async () => (await cli(sentinelPort, ['sentinel', 'replicas', 'main'])).includes(String(replicaPort)));
	return {
		url: `redis+sentinel://127.0.0.1:${sentinelPort}/main`,
		killMaster: master.kill,
		hasNewMaster: async () =>
			(await cli(sentinelPort, ['sentinel', 'get-master-addr-by-name', 'main'])).includes(String(replicaPort)) &&
			(await cli(replicaPort, ['role'])).startsWith('master'),
	};
}

/** Three masters that share the slots. */
export async function startCluster(): Promise<{ url: string }> {
	const folder = await scratch();
	const nodes = await Promise.all(
		[1, 2, 3].map(async number => {
			const port = await freePort();
			const busPort = String(await freePort());
			const own = ['--cluster-config-file', `nodes-${number}.conf`, '--dir', folder, '--cluster-port', busPort];
			await start(['--port', String(port), '--cluster-enabled', 'yes', ...own, ...plain], port);
			return `127.0.0.1:${port}`;
		}),
	);
	await run('redis-cli', ['--cluster', 'create', ...nodes, '--cluster-yes']);
	const [first] = nodes;
	await until(async () => (await cli(Number(first?.split(':')[1]), ['cluster', 'info'])).includes('cluster_state:ok'));
	return { url: `redis+cluster://${nodes.join(',')}` };
}
