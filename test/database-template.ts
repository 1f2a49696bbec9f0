import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { migrate } from '../src/database/database.ts';
import { openPglite } from '../src/database/open-pglite.ts';
import { openPgliteQueue } from '../src/queue/pglite-pool.ts';

declare module 'vitest' {
	export interface ProvidedContext {
		databaseTemplate: string;
	}
}

/** Makes one migrated database a run, which every test file starts from: setting one up costs seconds, loading it does not. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
	const directory = await mkdtemp(join(tmpdir(), 'understudy-test-'));
	const file = join(directory, 'template.tar');
	const database = await openPglite();
	await migrate(database.query);
	await openPgliteQueue(database.pglite);
	await writeFile(file, Buffer.from(await (await database.pglite.dumpDataDir('none')).arrayBuffer()));
	await database.close();
	project.provide('databaseTemplate', file);
	return () => rm(directory, { recursive: true });
}

/** A fresh copy of the migrated database, for `openPglite`. */
export async function databaseTemplate(): Promise<Blob> {
	return new Blob([await readFile(inject('databaseTemplate'))]);
}
