import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import { insertRows } from '../database/insert-rows.ts';
import type { Schema } from '../database/schema.ts';

/** What became of a turn. */
export interface Outcome {
	tenantId: string;
	turnId: string;
	draftId?: string | null;
	kind: Schema['outcomes']['kind'];
	detail: Record<string, unknown>;
}

/** Records what became of turns, once per turn and kind. */
export async function recordOutcomes(tx: Transaction<Schema>, ...outcomes: Outcome[]): Promise<void> {
	await insertOutcomes(tx, outcomes)?.execute();
}

/** The same as a statement, to be sent with others. */
export function insertOutcomes(tx: Transaction<Schema>, outcomes: readonly Outcome[]) {
	if (outcomes.length === 0) return undefined;
	return insertRows(
		tx,
		'outcomes',
		outcomes.map(({ tenantId, turnId, draftId = null, kind, detail }) => ({
			id: randomUUID(),
			tenant_id: tenantId,
			turn_id: turnId,
			draft_id: draftId,
			kind,
			detail,
		})),
	).onConflict(conflict => conflict.doNothing());
}
