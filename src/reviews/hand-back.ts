import { randomUUID } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import { audit } from '../audit/audit.ts';
import type { Conversation } from '../conversation.ts';
import { anyOf } from '../database/any-of.ts';
import { insertRows } from '../database/insert-rows.ts';
import type { Schema } from '../database/schema.ts';
import { messageOrder } from '../inbox/message-order.ts';
import { queueDeliveries } from '../outbox/queue-deliveries.ts';

/** The assistant speaks again, beginning with what the customer wrote and nobody has answered. */
export async function handBack(
	tx: Transaction<Schema>,
	conversation: Conversation,
	agentId: string,
	tags: string[],
): Promise<void> {
	await tx
		.updateTable('conversations')
		.set({ held_by: 'assistant', updated_at: new Date() })
		.where('id', '=', conversation.id)
		.execute();
	await fileAnswered(tx, conversation);
	await sql`
		update messages set turn_id = null
		where conversation_id = ${conversation.id} and author = 'customer' and is_public
			and turn_id in (
				select id from turns where conversation_id = ${conversation.id} and decision ->> 'silent' = 'true'
				union
				select turn_id from deliveries
				where conversation_id = ${conversation.id} and kind = 'reply' and draft_id is null and state = 'stale'
			)
			and not exists (
				select from messages later
				where later.conversation_id = messages.conversation_id and later.author <> 'customer' and later.is_public
					and ${messageOrder('later')} > ${messageOrder()}
			)`.execute(tx);
	await queueDeliveries(tx, { conversation, kind: 'settle_review', payload: { removeTags: tags, isSend: false } });
	await audit(tx, {
		tenantId: conversation.tenantId,
		actor: `agent:${agentId}`,
		action: 'handed_back',
		conversationId: conversation.id,
		detail: {},
	});
}

/** What an agent answered before the assistant had looked belongs to a turn in which it was silent, not to its next one. */
async function fileAnswered(tx: Transaction<Schema>, { id, tenantId }: Conversation): Promise<void> {
	const answered = await tx
		.selectFrom('messages')
		.select('id')
		.where('conversation_id', '=', id)
		.where('author', '=', 'customer')
		.where('is_public', '=', true)
		.where('turn_id', 'is', null)
		.where(sql<boolean>`exists (
			select from messages later
			where later.conversation_id = messages.conversation_id and later.author = 'agent' and later.is_public
				and ${messageOrder('later')} > ${messageOrder()}
		)`)
		.execute();
	if (answered.length === 0) return;
	const turnId = randomUUID();
	await insertRows(tx, 'turns', [
		{
			id: turnId,
			tenant_id: tenantId,
			conversation_id: id,
			state: 'concluded',
			language: null,
			intent: null,
			tier: null,
			confidence: null,
			decision: { silent: true },
			concluded_at: new Date(),
		},
	]).execute();
	const ids = answered.map(row => row.id);
	await tx.updateTable('messages').set({ turn_id: turnId }).where(anyOf('id', ids)).execute();
}
