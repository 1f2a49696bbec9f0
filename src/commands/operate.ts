import type { Output } from './output.ts';

/** `migrate`: tells what opening the database has applied. */
export function tellMigrations(migrated: readonly string[], options: { json: boolean }, output: Output): number {
	if (options.json) output.line(JSON.stringify({ migrated }));
	else if (migrated.length === 0) output.line('The database is up to date.');
	else for (const name of migrated) output.line(`applied ${name}`);
	return 0;
}
