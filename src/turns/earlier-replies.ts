// What a reply that was decided before means for the turn that comes now.
import { sql, type Transaction } from 'kysely';
import { anyOf } from '../database/any-of.ts';
import type { Schema } from '../database/schema.ts';
import { messageOrder } from '../inbox/message-order.ts';

/**
 * The conversations with a reply of which nobody knows yet whether it has been said. Answering what came after it by itself would
 * leave what it was to answer behind, or have that answered last.
 */
export async function findHeldUp(
	tx: Transaction<Schema>,
	conversationIds: readonly string[],
): Promise<ReadonlySet<string>> {
	if (conversationIds.length === 0) return new Set();
	const rows = await tx
		.selectFrom('deliveries')
		.select('conversation_id')
		.where(anyOf('conversation_id', conversationIds))
		.where('kind', '=', 'reply')
		.where('draft_id', 'is', null)
		.where('state', 'in', ['sending', 'ambiguous'])
		.execute();
	return new Set(rows.map(row => row.conversation_id));
}

/**
 * The customer wrote again before what we had for them went out: its draft is pending or stale, or its reply is recalled now or
 * was dropped before. What it was to answer is answered together with the new message.
 * @returns the ids of those messages.
 */
export async function regainUnanswered(
	tx: Transaction<Schema>,
	conversationIds: readonly string[],
): Promise<ReadonlySet<string>> {
	if (conversationIds.length === 0) return new Set();
	await recallQueuedReplies(tx, conversationIds);
	const { rows } = await sql<{ id: string }>`
		select id from messages
		where conversation_id = any(${conversationIds}::uuid[]) and author = 'customer' and is_public
			and (
				exists (
					select from drafts where drafts.turn_id = messages.turn_id and drafts.state in ('pending', 'stale')
				) or exists (
					select from deliveries where deliveries.turn_id = messages.turn_id
						and kind = 'reply' and draft_id is null and deliveries.state = 'stale'
				)
			)
			and not exists (
				select from messages later
				where later.conversation_id = messages.conversation_id and later.author <> 'customer' and later.is_public
					and ${messageOrder('later')} > ${messageOrder()}
			)`.execute(tx);
	return new Set(rows.map(({ id }) => id));
}

/** A reply that has not left yet answers less than is asked by now. One that may be on its way is not touched. */
async function recallQueuedReplies(tx: Transaction<Schema>, conversationIds: readonly string[]): Promise<void> {
	await tx
		.updateTable('deliveries')
		.set({ state: 'stale', error: 'superseded' })
		.where(anyOf('conversation_id', conversationIds))
		.where('kind', '=', 'reply')
		.where('state', '=', 'queued')
		.where('draft_id', 'is', null)
		.where(sql<boolean>`payload ->> 'isHoldingLine' is null`)
		.execute();
}
