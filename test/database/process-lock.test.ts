import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { lockDirectory } from '../../src/database/process-lock.ts';

it('a folder that a living process has open is refused in words, and taken over once that is gone', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'understudy-lock-'));
	onTestFinished(() => rm(folder, { recursive: true }));
	const other = spawn('sleep', ['60']);
	await new Promise(resolve => other.once('spawn', resolve));
	await writeFile(join(folder, 'in-use-by'), String(other.pid));
	await expect(lockDirectory(folder)).rejects.toThrow(`in use by process ${other.pid}. Stop that process first`);
	const gone = new Promise(resolve => other.once('exit', resolve));
	other.kill('SIGKILL');
	await gone;
	const release = await lockDirectory(folder);
	await release();
	await (await lockDirectory(folder))();
});
