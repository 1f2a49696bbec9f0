import type { DeadLetters } from '../dead-letters.ts';
import type { Output } from './output.ts';

/** `migrate`: tells what opening the database has applied. */
export function tellMigrations(migrated: readonly string[], options: { json: boolean }, output: Output): number {
	if (options.json) output.line(JSON.stringify({ migrated }));
	else if (migrated.length === 0) output.line('The database is up to date.');
	else for (const name of migrated) output.line(`applied ${name}`);
	return 0;
}

/** `deadletters list`: what was given up, and why. */
export async function listDeadLetters(
	options: { json: boolean },
	{ deadLetters, output }: { deadLetters: DeadLetters; output: Output },
): Promise<number> {
	const letters = await deadLetters.list();
	for (const letter of letters) {
		if (options.json) output.line(JSON.stringify(letter));
		else {
			const { id, stage, about, failures, since, error } = letter;
			output.line(`${id}  ${stage}  ${about}  failed ${failures} times since ${since.toISOString()}\n    ${error}`);
		}
	}
	if (!options.json)
		output.note(
			letters.length ? 'Take one up again with `deadletters retry ID`, all with `--all`.' : 'Nothing was given up.',
		);
	return 0;
}

/** `deadletters retry`: takes up again what was given up. */
export async function retryDeadLetters(
	id: string | undefined,
	options: { all: boolean; json: boolean },
	{ deadLetters, output }: { deadLetters: DeadLetters; output: Output },
): Promise<number> {
	if ((id === undefined) !== options.all) {
		output.note('Name one dead letter by its id, or all of them with --all.');
		return 1;
	}
	if (id !== undefined && !isUuid.test(id)) {
		output.note(`“${id}” is no id of a dead letter; \`deadletters list\` shows them.`);
		return 1;
	}
	const retried = await deadLetters.retry(id);
	if (options.json) output.line(JSON.stringify({ retried }));
	else output.line(retried === 0 ? 'There was nothing to take up again.' : `Taken up again: ${retried}.`);
	return retried === 0 && id !== undefined ? 1 : 0;
}

const isUuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
