import type { Transaction } from 'kysely';
import { anyOf } from '../database/any-of.ts';
import type { Schema } from '../database/schema.ts';
import { type Outcome, recordOutcomes } from './outcomes.ts';

/** Makes the pending drafts of conversations stale, with an outcome that says why. */
export async function retireDrafts(
	tx: Transaction<Schema>,
	conversationIds: readonly string[],
	reason: string,
): Promise<void> {
	if (conversationIds.length === 0) return;
	const retired = await tx
		.updateTable('drafts')
		.set({ state: 'stale', reason, decided_at: new Date() })
		.where(anyOf('conversation_id', conversationIds))
		.where('state', '=', 'pending')
		.returning(['id', 'turn_id', 'tenant_id'])
		.execute();
	await recordOutcomes(
		tx,
		...retired.map(
			(draft): Outcome => ({
				tenantId: draft.tenant_id,
				turnId: draft.turn_id,
				draftId: draft.id,
				kind: 'stale',
				detail: { reason },
			}),
		),
	);
}
