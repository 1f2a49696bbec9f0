import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A file system of a test's own that can be filled. */
export interface SmallDisk {
	/** An empty folder on it. */
	folder: string;
	/** Takes every byte that is left. */
	fill(): Promise<void>;
	/** Gives back what `fill` took. */
	free(): Promise<void>;
	remove(): Promise<void>;
}

/** Mounts one; undefined where this user may not. */
export async function mountSmallDisk(megabytes: number): Promise<SmallDisk | undefined> {
	if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
	const mountPoint = await mkdtemp(join(tmpdir(), 'understudy-disk-'));
	try {
		await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', mountPoint]);
	} catch {
		// A container without the right to.
		await rm(mountPoint, { recursive: true });
		return undefined;
	}
	const folder = join(mountPoint, 'data');
	await mkdir(folder);
	const filler = join(mountPoint, 'filler');
	return {
		folder,
		async fill() {
			const file = await open(filler, 'a');
			const block = Buffer.alloc(64 * 1024);
			try {
				for (;;) await file.write(block);
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
			} finally {
				await file.close();
			}
		},
		free: () => rm(filler),
		async remove() {
			if (!existsSync(mountPoint)) return;
			await run('umount', ['--lazy', mountPoint]);
			await rm(mountPoint, { recursive: true });
		},
	};
}
