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

/** Starts a file of this folder. It must report itself by `ready` and end when told to, or when its parent is gone. */
export async function startChild(file: string, env: Record<string, string>, logFile: string): Promise<Child> {
	const log = openSync(logFile, 'a');
	const process_ = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, file)], {
		env: { PATH: process.env.PATH, ...env },
		stdio: ['ignore', log, log, 'ipc'],
	});
	closeSync(log);
	alive.add(process_);
	process_.once('exit', () => alive.delete(process_));
	const port = await new Promise<number>((resolve, reject) => {
		process_.once('message', message => resolve((message as { port: number }).port));
		process_.once('error', reject);
		process_.once('exit', code =>
			reject(
				new Error(`${file} ended with ${code} before it was ready:\n${readFileSync(logFile, 'utf8').slice(-2000)}`),
			),
		);
	});
	return {
		pid: process_.pid as number,
		port,
		pause: () => void process_.kill('SIGSTOP'),
		resume: () => void process_.kill('SIGCONT'),
		stop: () => end(process_),
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
