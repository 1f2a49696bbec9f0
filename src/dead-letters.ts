import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { fromNow } from './database/from-now.ts';
import { type Schema, toJson } from './database/schema.ts';
import { isOutage } from './errors.ts';
import type { Logger } from './log.ts';
import { type Payload, payloads, type Queue, type Stage, tickKey } from './pipeline.ts';
import { redact } from './safety/personal-data.ts';

/** Work that was given up: a stage's, or something that could not be sent. */
export interface DeadLetter {
	id: string;
	stage: Stage;
	/** The conversation or article. */
	about: string;
	/** What went wrong, without personal data. */
	error: string;
	failures: number;
	since: Date;
}

/** What keeps failing for a reason of its own, kept where a person can see it and try it again. */
export interface DeadLetters {
	/** Notes that a stage's work has given up. An outage is nobody's fault and is not noted: the sweeper tries again. */
	record<S extends Stage>(stage: S, payload: Payload<S>, error: Error): Promise<void>;
	/** Oldest first. */
	list(): Promise<DeadLetter[]>;
	/** Takes one up again; all where no id is given. Returns how many. */
	retry(id?: string): Promise<number>;
}

/** Each is half a minute of tries in itself. */
const mostFailures = 3;
const longestError = 500;
/** What failed this long ago has succeeded in between, or nothing came of it. */
const isOld = sql`dead_letters.last_failed_at < now() - interval '1 hour'`;

export function createDeadLetters(deps: {
	query: Kysely<Schema>;
	queue: Queue;
	log: Logger;
	tenantId: string;
}): DeadLetters {
	const { query, queue, log, tenantId } = deps;
	return {
		async record(stage, payload, error) {
			if (isOutage(error)) return;
			const key = tickKey(stage, payload);
			const row = await query
				.insertInto('dead_letters')
				.values({
					id: randomUUID(),
					tenant_id: tenantId,
					stage,
					key,
					payload: toJson(payload),
					error: describe(error),
				})
				.onConflict(conflict =>
					conflict.columns(['tenant_id', 'stage', 'key']).doUpdateSet({
						failures: sql`case when ${isOld} then 1 else dead_letters.failures + 1 end`,
						state: sql`case when not ${isOld} and dead_letters.failures + 1 >= ${mostFailures} then 'dead' else 'failing' end`,
						error: describe(error),
						last_failed_at: sql`now()`,
					}),
				)
				.returning(['id', 'state'])
				.executeTakeFirstOrThrow();
			if (row.state === 'dead') {
				log.error({ deadLetterId: row.id, stage, payload, err: error }, 'given up: see `understudy deadletters list`');
			}
		},

		async list() {
			const given = await query
				.selectFrom('dead_letters')
				.selectAll()
				.where('tenant_id', '=', tenantId)
				.where('state', '=', 'dead')
				.execute();
			const unsent = await query
				.selectFrom('deliveries')
				.select(['id', 'conversation_id', 'error', 'attempts', 'created_at'])
				.where('tenant_id', '=', tenantId)
				.where('state', '=', 'failed')
				.execute();
			return [
				...given.map(row => ({
					id: row.id,
					stage: row.stage as Stage,
					about: row.key,
					error: row.error,
					failures: row.failures,
					since: row.first_failed_at,
				})),
				...unsent.map(row => ({
					id: row.id,
					stage: 'deliver' as const,
					about: row.conversation_id,
					error: row.error ?? '',
					failures: row.attempts,
					since: row.created_at,
				})),
			].toSorted((one, other) => one.since.getTime() - other.since.getTime());
		},

		async retry(id) {
			const given = await query
				.deleteFrom('dead_letters')
				.where('tenant_id', '=', tenantId)
				.where('state', '=', 'dead')
				.$if(id !== undefined, rows => rows.where('id', '=', id as string))
				.returning(['stage', 'payload'])
				.execute();
			const unsent = await query
				.updateTable('deliveries')
				// It may have been sent after all: looked up first.
				.set({ state: 'ambiguous', attempts: 0, due_at: fromNow(0) })
				.where('tenant_id', '=', tenantId)
				.where('state', '=', 'failed')
				.$if(id !== undefined, rows => rows.where('id', '=', id as string))
				.returning('conversation_id')
				.execute();
			for (const { stage, payload } of given) await tickStored(queue, stage as Stage, payload);
			for (const { conversation_id } of unsent) await queue.tick('deliver', { conversationId: conversation_id });
			return given.length + unsent.length;
		},
	};
}

function tickStored<S extends Stage>(queue: Queue, stage: S, payload: unknown): Promise<void> {
	return queue.tick(stage, payloads[stage].parse(payload) as Payload<S>);
}

/** An error's message may quote what was worked on. */
function describe(error: Error): string {
	return redact(`${error.name}: ${error.message}`, 'en').slice(0, longestError);
}
