// The product as real processes that can be killed at any point, and the balancer in front of its web processes.
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../../src/assemble.ts';
import { freePort } from './private-services.ts';

/** One `web` or `worker` process that is started again whenever it is gone. */
export interface ProductProcess {
	role: 'web' | 'worker';
	port: number;
	/** How often it ended without being killed. */
	crashes(): number;
	/** Resolves when it serves or works. */
	ready(timeoutMs: number): Promise<void>;
	kill(): void;
	stop(): Promise<void>;
}

/** @param skewMs how far this process's clock is off. */
export async function startProcess(
	role: 'web' | 'worker',
	env: Record<string, string>,
	logFile: string,
	skewMs: number,
): Promise<ProductProcess> {
	const port = await freePort();
	const log: WriteStream = createWriteStream(logFile, { flags: 'a' });
	let child: ChildProcess;
	let isStopping = false;
	let killed = false;
	let crashes = 0;
	const start = () => {
		const skew = skewMs === 0 ? [] : ['--import', join(root, 'test/chaos/clock-skew.ts')];
		child = spawn(process.execPath, [...skew, join(root, 'src/main.ts')], {
			env: { PATH: process.env.PATH, ...env, ROLE: role, PORT: String(port), CLOCK_SKEW_MS: String(skewMs) },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		child.stdout?.pipe(log, { end: false });
		child.stderr?.pipe(log, { end: false });
		child.once('exit', (code, signal) => {
			if (isStopping) return;
			if (!killed) {
				crashes++;
				log.write(`\n=== ${role} ended by itself: ${code ?? signal}\n`);
			}
			killed = false;
			setTimeout(() => !isStopping && start(), 100);
		});
	};
	start();
	return {
		role,
		port,
		crashes: () => crashes,
		async ready(timeoutMs) {
			const deadline = Date.now() + timeoutMs;
			while (Date.now() < deadline) {
				if (
					await fetch(`http://127.0.0.1:${port}/health`).then(
						answer => answer.ok,
						() => false,
					)
				)
					return;
				await sleep(100);
			}
			throw new Error(`${role} does not answer within ${timeoutMs / 1000} s; see ${logFile}`);
		},
		kill() {
			killed = true;
			child.kill('SIGKILL');
		},
		async stop() {
			isStopping = true;
			if (child.exitCode === null && child.signalCode === null) {
				const gone = new Promise(resolve => child.once('exit', resolve));
				child.kill('SIGTERM');
				await Promise.race([gone, sleep(8000).then(() => child.kill('SIGKILL'))]);
			}
			log.end();
		},
	};
}

/** Passes each request to the next web process that takes the connection, as a load balancer does. */
export async function startBalancer(webs: readonly ProductProcess[]): Promise<{ url: string; close(): Promise<void> }> {
	let turn = 0;
	const server: Server = createServer((incoming, outgoing) => {
		const chunks: Buffer[] = [];
		incoming.on('data', chunk => chunks.push(chunk));
		incoming.on('end', () => {
			const body = Buffer.concat(chunks);
			const first = turn++;
			const attempt = (offset: number) => {
				const web = webs[(first + offset) % webs.length];
				if (offset >= webs.length || !web) return outgoing.writeHead(503, { 'retry-after': '1' }).end();
				const { method, url, headers } = incoming;
				const passed = httpRequest({ host: '127.0.0.1', port: web.port, method, path: url, headers }, answer => {
					outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
					answer.pipe(outgoing);
				});
				passed.once('error', error => {
					if (outgoing.headersSent) return void outgoing.destroy();
					// Refused before anything was sent: the next one may have it. Cut in the middle: nobody knows, the sender is told.
					if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') attempt(offset + 1);
					else outgoing.destroy();
				});
				passed.end(body);
			};
			attempt(0);
		});
		incoming.on('error', () => outgoing.destroy());
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: () =>
			new Promise(resolve => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}
