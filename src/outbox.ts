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

/** What is done when the vendor refuses a delivery for good: a note to the agents, or the same with less in it. */
export type FollowUp = { kind: 'note'; payload: object } | { kind: 'again'; payload: object };

/** Out once: queued → sending → sent | stale | failed, by compare-and-set; `ambiguous` is looked up before it is sent again. */
export interface Outbox {
	/** The conversation's next delivery, in order; how long to wait where it is not due or another run has it. */
	claim(conversationId: string): Promise<ClaimedDelivery | { waitMs: number } | undefined>;
	sent(delivery: ClaimedDelivery, receipt: Receipt | undefined): Promise<void>;
	/** Not sent and never to be: the world moved on. */
	stale(delivery: ClaimedDelivery, reason: string): Promise<void>;
	/** Who has spoken in public since what this delivery answers, if anybody has. Ask after the thread has been merged. */
	overtakenBy(delivery: ClaimedDelivery): Promise<'newer_message' | 'person_joined' | undefined>;
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
					if (delivery.kind === 'reply' && reason !== 'person_joined') await reopen(tx, delivery.turn_id);
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

		overtakenBy: delivery => overtakenBy(query, delivery),

		draftState: async delivery =>
			delivery.draft_id === null
				? undefined
				: query.selectFrom('drafts').select(['state', 'reason']).where('id', '=', delivery.draft_id).executeTakeFirst(),

		failed: (delivery, error, instead) =>
			query.transaction().execute(async tx => {
				if (instead?.kind === 'again') {
					await leave(tx, delivery, { state: 'queued', payload: JSON.stringify(instead.payload), error });
					return;
				}
				if (!(await leave(tx, delivery, { state: 'failed', error }))) return;
				if (delivery.draft_id) await giveUpDraft(tx, delivery.draft_id);
				if (instead) await queueInstead(tx, delivery, instead.payload);
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

/** The thread as merged knows who spoke: a customer in a later turn or in none yet, or an agent since the turn began. */
async function overtakenBy(
	query: Kysely<Schema>,
	{ turn_id: turnId, conversation_id: conversationId }: ClaimedDelivery,
): Promise<'newer_message' | 'person_joined' | undefined> {
	if (turnId === null) return undefined;
	const { rows } = await sql<{ author: 'customer' | 'agent' }>`
		select message.author from messages message, turns turn
		where turn.id = ${turnId} and message.conversation_id = ${conversationId} and message.is_public
			and message.turn_id is distinct from turn.id
			and case message.author
				when 'customer' then message.turn_id is null
					or (select later.created_at > turn.created_at from turns later where later.id = message.turn_id)
				when 'agent' then message.written_at >= (select min(written_at) from messages where turn_id = turn.id)
				else false
			end
		order by message.author limit 1`.execute(query);
	const [newer] = rows;
	if (!newer) return undefined;
	return newer.author === 'agent' ? 'person_joined' : 'newer_message';
}

/** What a dropped reply was to answer waits again, and is answered together with what overtook it. */
async function reopen(tx: Transaction<Schema>, turnId: string): Promise<void> {
	await tx
		.updateTable('messages')
		.set({ turn_id: null })
		.where('turn_id', '=', turnId)
		.where('author', '=', 'customer')
		.execute();
}

async function giveUpDraft(tx: Transaction<Schema>, draftId: string): Promise<void> {
	await tx
		.updateTable('drafts')
		.set({ state: 'stale', reason: 'refused', decided_at: new Date() })
		.where('id', '=', draftId)
		.where('state', 'in', ['pending', 'claimed'])
		.execute();
}

async function queueInstead(tx: Transaction<Schema>, delivery: ClaimedDelivery, payload: object): Promise<void> {
	await tx
		.insertInto('deliveries')
		.values({
			id: randomUUID(),
			tenant_id: delivery.tenant_id,
			conversation_id: delivery.conversation_id,
			turn_id: null,
			draft_id: null,
			kind: 'note',
			payload: JSON.stringify(payload),
			state: 'queued',
			external_id: null,
			error: null,
			sent_at: null,
		})
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
