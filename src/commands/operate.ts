import type { AuditFault, AuditVerdict } from '../audit/verify-audit.ts';
import type { DeadLetters } from '../dead-letters.ts';
import { type ErasureDeps, forget } from '../retention/erasure.ts';
import type { Output } from './output.ts';

/** `migrate`: tells what opening the database has applied. */
export function tellMigrations(migrated: readonly string[], options: { json: boolean }, output: Output): number {
	if (options.json) output.line(JSON.stringify({ migrated }));
	else if (migrated.length === 0) output.line('The database is up to date.');
	else for (const name of migrated) output.line(`applied ${name}`);
	return 0;
}

/** `audit verify`: tells what was found on the trail. Fails where anything is wrong with it. */
export function tellAudit(verdict: AuditVerdict, options: { json: boolean }, output: Output): number {
	const { entries, seals, loose, faults, heads, cuts } = verdict;
	if (options.json) {
		output.line(JSON.stringify(verdict));
	} else {
		for (const { tenantId, kind, seq } of faults) output.line(`${tenantId}: ${faultNames[kind](seq)}`);
		output.line(
			`${entries} entries under ${seals} seals, ${loose} not sealed yet: ${faults.length ? `${faults.length} faults` : 'nothing was changed, removed or slipped in'}.`,
		);
		for (const { tenantId, through, at } of cuts) {
			output.line(
				`${tenantId}: begins after seal ${through}, what was before was cut off on ${at.toISOString().slice(0, 10)}.`,
			);
		}
		if (heads.length) output.note('Keep these elsewhere; a later check with them proves that the end was not cut off:');
		for (const { tenantId, no, hash } of heads) output.note(`  --anchor ${tenantId}:${no}:${hash}`);
	}
	return faults.length ? 1 : 0;
}

const faultNames: Record<AuditFault['kind'], (seq: string) => string> = {
	changed: seq => `entry ${seq} was changed`,
	removed: seq => `entry ${seq} was removed`,
	moved: seq => `entry ${seq} stands where another stood`,
	slipped_in: seq => `entry ${seq} was slipped in`,
	seal_changed: seq => `seal ${seq} was changed`,
	seal_removed: seq => `seal ${seq} was removed`,
};

/** Reads `tenant:number:hash`, as `audit verify` prints it; undefined where it is none. */
export function parseAnchor(text: string): AuditVerdict['heads'][number] | undefined {
	const [, tenantId, no, hash] = /^(.+):(\d+):([0-9a-f]{64})$/.exec(text) ?? [];
	return tenantId && no && hash ? { tenantId, no, hash } : undefined;
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

/** `forget`: erases a person and says what became of their traces. Fails where one is left. */
export async function forgetPerson(
	options: { email: string; dryRun: boolean; json: boolean },
	{ deps, output }: { deps: ErasureDeps; output: Output },
): Promise<number> {
	if (!isEmail.test(options.email)) {
		output.note(`“${options.email}” is no e-mail address.`);
		return 1;
	}
	const erasure = await forget(options.email, deps, options.dryRun);
	const { conversations, articles, mentions, traces } = erasure;
	if (options.json) output.line(JSON.stringify(erasure));
	else if (options.dryRun) {
		output.line(`Would erase ${conversations} conversations and ${articles} articles made from them.`);
		for (const trace of traces) output.line(`  the address stands in ${trace}`);
	} else {
		output.line(
			`Erased ${conversations} conversations, ${articles} articles made from them, ${mentions} mentions elsewhere.`,
		);
		output.line(traces.length ? 'The address still stands in:' : 'The address stands in no column of any table.');
		for (const trace of traces) output.line(`  ${trace}`);
		output.note(
			'The helpdesk keeps its own copy of the tickets: erase the person there first, or they come back with the next message.',
		);
	}
	return !options.dryRun && traces.length ? 1 : 0;
}

const isEmail = /^[^\s@]+@[^\s@]+$/;
