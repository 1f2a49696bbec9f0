import { randomUUID } from 'node:crypto';
import { type Kysely, type Selectable, sql, type Transaction, type UpdateObject } from 'kysely';
import { audit } from './audit.ts';
import type { Receipt } from './channel.ts';
import type { Schema } from './database/schema.ts';
import { recordOutcome } from './effects.ts';

/** A row of the outbox that this run alone may send. */
export type ClaimedDelivery = Selectable<Schema['deliveries']> & {
	/** An earlier attempt may have had its effect: look for the marker before sending. */
	mustLookUp: boolean;
};

/** Out once: queued → sending → sent | stale | failed, by compare-and-set; `ambiguous` is looked up before it is sent again. */
export interface Outbox {
	/** The conversation's next delivery, in order; how long to wait where it is not due or another run has it. */
	claim(conversationId: string): Promise<ClaimedDelivery | { waitMs: number } | undefined>;
	sent(delivery: ClaimedDelivery, receipt: Receipt | undefined): Promise<void>;
	/** Not sent and never to be: the world moved on. */
	stale(delivery: ClaimedDelivery, reason: string): Promise<void>;
	/** Not sent and never to be: the vendor refuses it. */
	failed(delivery: ClaimedDelivery, error: string): Promise<void>;
	/** To be tried again after `delayMs`; `isAmbiguous` where it may have been sent. */
	postpone(delivery: ClaimedDelivery, delayMs: number, isAmbiguous: boolean, error: string): Promise<void>;
}

/**
 * @param leaseMs how long a sender is presumed alive. Longer than any vendor call may take, or two could send at once.
 */
export function createOutbox(query: Kysely<Schema>, leaseMs = 20_000): Outbox {
	return {
		claim: conversationId =>
			query.transaction().execute(async tx => {
				const row = await tx
					.selectFrom('deliveries')
					.selectAll()
					// The database's clock decides, so that processes with different clocks agree.
					.select(sql<number>`extract(epoch from due_at - now()) * 1000`.as('wait_ms'))
					.where('conversation_id', '=', conversationId)
					.where('state', 'in', ['queued', 'sending', 'ambiguous'])
					.orderBy('seq')
					.limit(1)
					.forUpdate()
					.executeTakeFirst();
				if (!row) return undefined;
				if (row.wait_ms > 0) return { waitMs: Math.ceil(row.wait_ms) };
				await tx
					.updateTable('deliveries')
					.set({
						state: 'sending',
						attempts: row.attempts + 1,
						due_at: sql<Date>`now() + make_interval(secs => ${leaseMs / 1000})`,
					})
					.where('id', '=', row.id)
					.execute();
				return { ...row, attempts: row.attempts + 1, mustLookUp: row.state !== 'queued' };
			}),

		sent: (delivery, receipt) =>
			query.transaction().execute(async tx => {
				const isOurs = await leave(tx, delivery, {
					state: 'sent',
					external_id: receipt?.externalId ?? null,
					sent_at: new Date(),
				});
				if (!isOurs) return;
				if (receipt && delivery.kind === 'reply') await rememberReply(tx, delivery, receipt);
				await recordSent(tx, delivery);
				await audit(tx, {
					tenantId: delivery.tenant_id,
					actor: 'assistant',
					action: `sent_${delivery.kind}`,
					conversationId: delivery.conversation_id,
					...(delivery.turn_id ? { turnId: delivery.turn_id } : {}),
					detail: { delivery: delivery.id, draft: delivery.draft_id, externalId: receipt?.externalId ?? null },
				});
			}),

		stale: (delivery, reason) =>
			query.transaction().execute(async tx => {
				if (!(await leave(tx, delivery, { state: 'stale', error: reason }))) return;
				if (delivery.draft_id) {
					await tx
						.updateTable('drafts')
						.set({ state: 'stale', reason, decided_at: new Date() })
						.where('id', '=', delivery.draft_id)
						.where('state', 'in', ['pending', 'claimed'])
						.execute();
				}
				if (delivery.turn_id) {
					await recordOutcome(tx, {
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

		failed: (delivery, error) =>
			query.transaction().execute(async tx => {
				if (!(await leave(tx, delivery, { state: 'failed', error }))) return;
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
				due_at: sql<Date>`now() + make_interval(secs => ${delayMs / 1000})`,
				error,
			});
		},
	};
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

/** Our own words, as the next turn and the harvest must know them. Their webhook echo finds them there. */
async function rememberReply(tx: Transaction<Schema>, delivery: ClaimedDelivery, receipt: Receipt): Promise<void> {
	await tx
		.insertInto('messages')
		.values({
			id: randomUUID(),
			tenant_id: delivery.tenant_id,
			conversation_id: delivery.conversation_id,
			external_id: receipt.externalId,
			author: 'assistant',
			author_id: 'assistant',
			is_public: true,
			text: (delivery.payload as { text: string }).text,
			written_at: new Date(),
			turn_id: delivery.turn_id,
		})
		.onConflict(conflict => conflict.columns(['conversation_id', 'external_id']).doUpdateSet({ author: 'assistant' }))
		.execute();
}

async function recordSent(tx: Transaction<Schema>, delivery: ClaimedDelivery): Promise<void> {
	if (!delivery.turn_id) return;
	const base = { tenantId: delivery.tenant_id, turnId: delivery.turn_id, draftId: delivery.draft_id };
	if (delivery.kind === 'hand_over') await recordOutcome(tx, { ...base, kind: 'handed_over', detail: {} });
	if (delivery.kind !== 'reply') return;
	const payload = delivery.payload as { isHoldingLine?: boolean; authorId?: string };
	if (payload.isHoldingLine) return;
	if (!delivery.draft_id) {
		await recordOutcome(tx, { ...base, kind: 'answered', detail: {} });
		return;
	}
	await tx
		.updateTable('drafts')
		.set({ state: 'sent', decided_at: new Date() })
		.where('id', '=', delivery.draft_id)
		.where('state', '=', 'claimed')
		.execute();
	await recordOutcome(tx, { ...base, kind: 'approved', detail: { agent: payload.authorId ?? null } });
}
