import { randomUUID } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import { insertAudit } from '../audit/audit.ts';
import type { Receipt } from '../channel.ts';
import { anyOf } from '../database/any-of.ts';
import { insertRows, type Row } from '../database/insert-rows.ts';
import { recordset } from '../database/recordset.ts';
import type { Schema } from '../database/schema.ts';
import { together } from '../database/together.ts';
import { inOrderOf, storable } from '../inbox/store-messages.ts';
import type { ClaimedDelivery } from './claim-deliveries.ts';
import { insertOutcomes, type Outcome } from './outcomes.ts';

/** What was written outside, and what the vendor calls it; nothing for tags that were taken off. */
export interface Sending {
	delivery: ClaimedDelivery;
	receipt: Receipt | undefined;
}

/** What noting a sending has shown. */
export interface SentNote {
	/** How long the customer has waited, where this was the first public answer. */
	firstResponseSeconds: number | undefined;
}

/** Notes what has been sent, with all that follows from it. What another attempt has noted already stays as it is. */
export async function recordSent(tx: Transaction<Schema>, sendings: readonly Sending[]): Promise<SentNote[]> {
	const left = await leaveSent(tx, sendings);
	const ours = inOrderOf(sendings, ({ delivery }) => delivery.conversation_id).filter(({ delivery }) =>
		left.has(delivery.id),
	);
	const replies = repliesAmong(ours);
	const [, first = []] = await together(
		tx,
		rememberReplies(tx, replies),
		selectFirstWaits(replies),
		settleDrafts(tx, ours),
		insertOutcomes(
			tx,
			ours.flatMap(({ delivery }) => outcomeOf(delivery) ?? []),
		),
		insertAudit(ours.map(entryOf)),
	);
	const waits = new Map(first.flatMap(({ id, seconds }) => (seconds === null ? [] : [[id, seconds] as const])));
	return sendings.map(({ delivery }) => ({
		firstResponseSeconds:
			delivery.kind === 'reply' && left.has(delivery.id) ? waits.get(delivery.conversation_id) : undefined,
	}));
}

/** Compare-and-set, for those that their attempt still holds. */
async function leaveSent(tx: Transaction<Schema>, sendings: readonly Sending[]): Promise<ReadonlySet<string>> {
	const rows = sendings.map(({ delivery: { id, attempts }, receipt }) => ({
		id,
		attempts,
		external_id: receipt?.externalId ?? null,
	}));
	const sent = recordset('sending', { id: 'uuid', attempts: 'integer', external_id: 'text' }, rows);
	const left = await sql<{ id: string }>`
		update deliveries set state = 'sent', external_id = sending.external_id, sent_at = now()
		from ${sent}
		where deliveries.id = sending.id and deliveries.id = any(${rows.map(row => row.id)}::uuid[]) and deliveries.state = 'sending' and deliveries.attempts = sending.attempts
		returning deliveries.id`.execute(tx);
	return new Set(left.rows.map(({ id }) => id));
}

/** Our own words, as the next turn and the harvest must know them. */
function repliesAmong(sendings: readonly Sending[]): Row<'messages'>[] {
	return sendings.flatMap(({ delivery, receipt }) =>
		receipt && delivery.kind === 'reply'
			? {
					id: randomUUID(),
					tenant_id: delivery.tenant_id,
					conversation_id: delivery.conversation_id,
					external_id: receipt.externalId,
					author: 'assistant' as const,
					author_id: 'assistant',
					is_public: true,
					text: storable((delivery.payload as { text: string }).text),
					written_at: new Date(),
					turn_id: delivery.turn_id,
				}
			: [],
	);
}

/** Their webhook echo finds them there, or they it. */
function rememberReplies(tx: Transaction<Schema>, rows: readonly Row<'messages'>[]) {
	if (rows.length === 0) return undefined;
	return insertRows(tx, 'messages', rows).onConflict(conflict =>
		conflict.columns(['conversation_id', 'external_id']).doUpdateSet({ author: 'assistant' }),
	);
}

/** How long each customer had waited for whom these are the first. */
function selectFirstWaits(replies: readonly Row<'messages'>[]) {
	if (replies.length === 0) return undefined;
	const ids = replies.map(row => row.conversation_id);
	return sql<{ id: string; seconds: number | null }>`
		select conversation_id as id,
			extract(epoch from now() - min(received_at) filter (where author = 'customer'))::float8 as seconds
		from messages where conversation_id = any(${ids}::uuid[]) and is_public
		group by conversation_id having count(*) filter (where author <> 'customer') = 1`;
}

/** Drafts that agents approved and that have now been said. */
function settleDrafts(tx: Transaction<Schema>, sendings: readonly Sending[]) {
	const ids = sendings.flatMap(({ delivery }) =>
		delivery.kind === 'reply' && delivery.draft_id !== null ? delivery.draft_id : [],
	);
	if (ids.length === 0) return undefined;
	return tx
		.updateTable('drafts')
		.set({ state: 'sent', decided_at: new Date() })
		.where(anyOf('id', ids))
		.where('state', '=', 'claimed');
}

/** What became of the turn with it, if anything. */
function outcomeOf(delivery: ClaimedDelivery): Outcome | undefined {
	if (!delivery.turn_id) return undefined;
	const base = { tenantId: delivery.tenant_id, turnId: delivery.turn_id, draftId: delivery.draft_id };
	if (delivery.kind === 'hand_over') return { ...base, kind: 'handed_over', detail: {} };
	const { isHoldingLine, authorId } = delivery.payload as { isHoldingLine?: boolean; authorId?: string };
	if (delivery.kind !== 'reply' || isHoldingLine) return undefined;
	if (!delivery.draft_id) return { ...base, kind: 'answered', detail: {} };
	return { ...base, kind: 'approved', detail: { agent: authorId ?? null } };
}

const entryOf = ({ delivery, receipt }: Sending) => ({
	tenantId: delivery.tenant_id,
	actor: 'assistant' as const,
	action: `sent_${delivery.kind}`,
	conversationId: delivery.conversation_id,
	...(delivery.turn_id ? { turnId: delivery.turn_id } : {}),
	detail: { delivery: delivery.id, draft: delivery.draft_id, externalId: receipt?.externalId ?? null },
});
