import type { Kysely, Transaction } from 'kysely';
import { createBatch } from './batch.ts';
import type { Schema } from './database/schema.ts';
import { type Merged, mergeThreads, type ThreadRead } from './inbox/merge-threads.ts';
import { type Concluded, type Conclusion, concludeTurns } from './turns/conclude-turns.ts';
import type { FloodLimit } from './turns/count-sent.ts';
import { type Opening, type OpenTurn, openTurns } from './turns/open-turns.ts';

export interface TurnsDeps {
	query: Kysely<Schema>;
	tenantId: string;
	flood: FloodLimit;
	/** How long whoever decided is presumed alive and sending. */
	leaseMs: number;
}

/** A conversation to be looked at. */
interface Look {
	conversationId: string;
	/** Its thread, if it has just been read: what it shows is stored in the same transaction. */
	read?: ThreadRead | undefined;
}

export interface Opened extends Opening {
	/** What the read has shown, if there was one. */
	merged: Merged | undefined;
}

export interface Turns {
	open(look: Look): Promise<Opened>;
	/** Stores the decision and its effects in one transaction, unless the world moved on meanwhile. */
	conclude(conclusion: Conclusion): Promise<Concluded>;
	/** Notes that a run gave up with an error. Returns how often that has happened to this turn. */
	fail(turn: OpenTurn): Promise<number>;
}

export function createTurns({ query, tenantId, flood, leaseMs }: TurnsDeps): Turns {
	return {
		open: createBatch((looks: Look[]) => query.transaction().execute(tx => mergeAndOpen(tx, tenantId, looks, flood)), {
			keyOf: ({ conversationId }) => conversationId,
		}),

		conclude: createBatch(
			(conclusions: Conclusion[]) => query.transaction().execute(tx => concludeTurns(tx, conclusions, leaseMs)),
			{ keyOf: ({ turn }) => turn.conversation.id },
		),

		async fail(turn) {
			const row = await query
				.updateTable('turns')
				.set(expression => ({ failures: expression('failures', '+', 1) }))
				.where('id', '=', turn.id)
				.returning('failures')
				.executeTakeFirstOrThrow();
			return row.failures;
		},
	};
}

async function mergeAndOpen(
	tx: Transaction<Schema>,
	tenantId: string,
	looks: readonly Look[],
	flood: FloodLimit,
): Promise<Opened[]> {
	const reads = looks.flatMap(({ read }) => read ?? []);
	const merged = new Map(
		(reads.length > 0 ? await mergeThreads(tx, tenantId, reads) : []).map(one => [one.conversation.id, one]),
	);
	const openings = await openTurns(
		tx,
		looks.map(({ conversationId }) => conversationId),
		flood,
	);
	return openings.map((opening, index) => ({ ...opening, merged: merged.get(looks[index]?.conversationId ?? '') }));
}
