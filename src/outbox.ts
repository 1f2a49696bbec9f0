import type { Kysely, Transaction, UpdateObject } from 'kysely';
import { audit } from './audit/audit.ts';
import { createBatch } from './batch.ts';
import type { Receipt } from './channel.ts';
import { fromNow } from './database/from-now.ts';
import { type Schema, toJson } from './database/schema.ts';
import { type ClaimedDelivery, claimDeliveries, findOvertaken, type Overtaken } from './outbox/claim-deliveries.ts';
import { recordOutcomes } from './outbox/outcomes.ts';
import { queueDeliveries } from './outbox/queue-deliveries.ts';
import { recordSent, type Sending, type SentNote } from './outbox/record-sent.ts';

/** What is done when the vendor refuses a delivery for good: a note to the agents, or the same with less in it. */
export type FollowUp = { kind: 'note'; payload: object } | { kind: 'again'; payload: object };

/** Out once: queued → sending → sent | stale | failed, by compare-and-set; `ambiguous` is looked up before it is sent again. */
export interface Outbox {
	/** The conversation's next delivery, in order; how long to wait where it is not due or another run has it. */
	claim(conversationId: string): Promise<ClaimedDelivery | { waitMs: number } | undefined>;
	sent(delivery: ClaimedDelivery, receipt: Receipt | undefined): Promise<SentNote>;
	/** Not sent and never to be: the world moved on. */
	stale(delivery: ClaimedDelivery, reason: string): Promise<void>;
	/** Who has spoken in public since what this delivery answers, if anybody has. Ask after the thread has been merged. */
	overtakenBy(delivery: ClaimedDelivery): Promise<Overtaken | undefined>;
	/** What became of the draft that a verdict was about. */
	draftState(delivery: ClaimedDelivery): Promise<{ state: string; reason: string | null } | undefined>;
	/** Not sent and never to be: the vendor refuses it. `instead` is queued in the same breath, so that somebody hears of it. */
	failed(delivery: ClaimedDelivery, error: string, instead?: FollowUp): Promise<void>;
	/** To be tried again after `delayMs`; `isAmbiguous` where it may have been sent. */
	postpone(delivery: ClaimedDelivery, delayMs: number, isAmbiguous: boolean, error: string): Promise<void>;
}

/**
 * @param leaseMs how long a sender is presumed alive. Longer than any vendor call may take, or two could send at once.
 */
export function createOutbox(query: Kysely<Schema>, leaseMs: number): Outbox {
	const sent = createBatch((sendings: Sending[]) => query.transaction().execute(tx => recordSent(tx, sendings)), {
		keyOf: ({ delivery }) => delivery.conversation_id,
	});
	return {
		claim: createBatch((ids: string[]) => query.transaction().execute(tx => claimDeliveries(tx, ids, leaseMs)), {
			keyOf: id => id,
		}),

		sent: (delivery, receipt) => sent({ delivery, receipt }),

		stale: (delivery, reason) =>
			query.transaction().execute(async tx => {
				if (!(await leave(tx, delivery, { state: 'stale', error: reason }))) return;
				if (delivery.draft_id) await giveUpDraft(tx, delivery.draft_id, reason);
				if (delivery.turn_id) {
					const isAnswer = delivery.kind === 'reply' || delivery.draft_id !== null;
					if (isAnswer && reason !== 'person_joined') await reopen(tx, delivery.turn_id);
					await recordOutcomes(tx, {
						tenantId: delivery.tenant_id,
						turnId: delivery.turn_id,
						draftId: delivery.draft_id,
						kind: 'stale',
						detail: { reason },
					});
				}
				await audit(tx, {
					tenantId: delivery.tenant_id,
					actor: 'assistant',
					action: `dropped_${delivery.kind}`,
					conversationId: delivery.conversation_id,
					...(delivery.turn_id ? { turnId: delivery.turn_id } : {}),
					detail: { delivery: delivery.id, reason },
				});
			}),

		overtakenBy: createBatch(async (deliveries: ClaimedDelivery[]) => {
			const overtaken = await findOvertaken(query, deliveries);
			return deliveries.map(({ turn_id: turnId }) => overtaken.get(turnId));
		}),

		draftState: async delivery =>
			delivery.draft_id === null
				? undefined
				: query.selectFrom('drafts').select(['state', 'reason']).where('id', '=', delivery.draft_id).executeTakeFirst(),

		failed: (delivery, error, instead) =>
			query.transaction().execute(async tx => {
				if (instead?.kind === 'again') {
					await leave(tx, delivery, { state: 'queued', payload: toJson(instead.payload), error });
					return;
				}
				if (!(await leave(tx, delivery, { state: 'failed', error }))) return;
				if (delivery.draft_id) await giveUpDraft(tx, delivery.draft_id, 'refused');
				if (instead) {
					await queueDeliveries(tx, { conversation: delivery.conversation, kind: 'note', payload: instead.payload });
				}
				await audit(tx, {
					tenantId: delivery.tenant_id,
					actor: 'assistant',
					action: `failed_${delivery.kind}`,
					conversationId: delivery.conversation_id,
					...(delivery.turn_id ? { turnId: delivery.turn_id } : {}),
					detail: { delivery: delivery.id, attempts: delivery.attempts },
				});
			}),

		async postpone(delivery, delayMs, isAmbiguous, error) {
			await leave(query, delivery, {
				state: isAmbiguous || delivery.mustLookUp ? 'ambiguous' : 'queued',
				due_at: fromNow(delayMs),
				error,
			});
		},
	};
}

/** What a dropped reply or draft was to answer waits again, and is answered together with what overtook it. */
async function reopen(tx: Transaction<Schema>, turnId: string): Promise<void> {
	await tx
		.updateTable('messages')
		.set({ turn_id: null })
		.where('turn_id', '=', turnId)
		.where('author', '=', 'customer')
		.execute();
}

async function giveUpDraft(tx: Transaction<Schema>, draftId: string, reason: string): Promise<void> {
	await tx
		.updateTable('drafts')
		.set({ state: 'stale', reason, decided_at: new Date() })
		.where('id', '=', draftId)
		.where('state', 'in', ['pending', 'claimed'])
		.execute();
}

/** Leaves `sending`, if this attempt still holds it. */
async function leave(
	query: Kysely<Schema>,
	delivery: ClaimedDelivery,
	change: UpdateObject<Schema, 'deliveries'>,
): Promise<boolean> {
	const row = await query
		.updateTable('deliveries')
		.set(change)
		.where('id', '=', delivery.id)
		.where('state', '=', 'sending')
		.where('attempts', '=', delivery.attempts)
		.returning('id')
		.executeTakeFirst();
	return row !== undefined;
}
