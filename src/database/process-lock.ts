import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UnderstudyError } from '../errors.ts';

/**
 * Makes sure that one process at a time has an embedded database open: two would destroy it.
 * The lock of a process that is gone is taken over.
 * @returns what gives the lock back.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
	await mkdir(directory, { recursive: true });
	const file = join(directory, 'in-use-by');
	for (let tries = 0; tries < 3; tries++) {
		try {
			const handle = await open(file, 'wx');
			await handle.writeFile(String(process.pid));
			await handle.close();
			return () => rm(file, { force: true });
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		}
		const owner = Number(await readFile(file, 'utf8').catch(() => ''));
		if (isAlive(owner)) {
			throw new UnderstudyError(
				'DATABASE_IN_USE',
				`The embedded database in ${directory} is in use by process ${owner}. Stop that process first, use another DATA_DIR, or set DATABASE_URL: a PostgreSQL server takes any number of processes.`,
			);
		}
		await rm(file, { force: true });
	}
	throw new UnderstudyError(
		'DATABASE_IN_USE',
		`The embedded database in ${directory} cannot be locked: remove ${file}.`,
	);
}

function isAlive(pid: number): boolean {
	// Ourselves from an earlier life: containers start every process with the same number.
	if (!pid || pid === process.pid) return false;
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
