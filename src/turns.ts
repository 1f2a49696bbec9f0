import type { Kysely } from 'kysely';
import { createBatch } from './batch.ts';
import { type Conclusion, type ConclusionOutcome, concludeTurns } from './conclude-turns.ts';
import type { Schema } from './database/schema.ts';
import { type FloodLimit, type OpenTurn, openTurns } from './open-turns.ts';

export interface Turns {
	/** The conversation's open turn with every unanswered message in it, or undefined where nothing waits. */
	open(conversationId: string): Promise<OpenTurn | undefined>;
	/**
	 * Stores the decision and its effects in one transaction, unless the world moved on meanwhile:
	 * `superseded` where the customer wrote again (think again), `silent` where a person has joined.
	 */
	conclude(conclusion: Conclusion): Promise<ConclusionOutcome>;
	/** Notes that a run gave up with an error. Returns how often that has happened to this turn. */
	fail(turn: OpenTurn): Promise<number>;
}

export function createTurns(query: Kysely<Schema>, flood: FloodLimit): Turns {
	return {
		open: createBatch((ids: string[]) => query.transaction().execute(tx => openTurns(tx, ids, flood)), {
			keyOf: id => id,
		}),

		conclude: createBatch(
			(conclusions: Conclusion[]) => query.transaction().execute(tx => concludeTurns(tx, conclusions)),
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
