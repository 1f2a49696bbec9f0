import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process of the bench's own, which said on which port it serves. */
export interface Child {
	pid: number;
	port: number;
	/** Stands still until `resume`: neither crashed nor gone, only not working. */
	pause(): void;
	resume(): void;
	stop(): Promise<void>;
}

/** What `npm start` gives Node. */
const flags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=16'];

/** Starts a file of this folder. It must report itself by `ready` and end when told to, or when its parent is gone. */
export async function startChild(file: string, env: Record<string, string>, logFile: string): Promise<Child> {
	const log = openSync(logFile, 'a');
	const child = spawn(process.execPath, [...flags, join(import.meta.dirname, file)], {
		env: { PATH: process.env.PATH, ...env },
		stdio: ['ignore', log, log, 'ipc'],
	});
	closeSync(log);
	alive.add(child);
	child.once('exit', () => alive.delete(child));
	const port = await new Promise<number>((resolve, reject) => {
		child.once('message', message => resolve((message as { port: number }).port));
		child.once('error', reject);
		child.once('exit', code =>
			reject(
				new Error(`${file} ended with ${code} before it was ready:\n${readFileSync(logFile, 'utf8').slice(-2000)}`),
			),
		);
	});
	return {
		pid: child.pid as number,
		port,
		pause: () => void child.kill('SIGSTOP'),
		resume: () => void child.kill('SIGCONT'),
		stop: () => end(child),
	};
}

/** Ends what is still running, for a bench that ends before its time. */
export async function stopChildren(): Promise<void> {
	await Promise.all([...alive].map(end));
}

/** In a child: tells the parent the port, and ends with it. */
export function ready(port: number, close: () => Promise<unknown> = async () => undefined): void {
	const stop = () => void close().finally(() => process.exit(0));
	process.once('SIGTERM', stop);
	process.once('disconnect', () => process.exit(0));
	process.send?.({ port });
}

const alive = new Set<ChildProcess>();

async function end(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const gone = new Promise(resolve => child.once('exit', resolve));
	child.kill('SIGCONT');
	child.kill('SIGTERM');
	const patience = new AbortController();
	const tooLong = sleep(5000, undefined, { signal: patience.signal }).then(
		() => child.kill('SIGKILL'),
		() => undefined,
	);
	await gone;
	patience.abort();
	await tooLong;
}
