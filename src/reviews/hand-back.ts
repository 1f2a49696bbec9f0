import { sql, type Transaction } from 'kysely';
import { audit } from '../audit/audit.ts';
import type { Conversation } from '../conversation.ts';
import type { Schema } from '../database/schema.ts';
import { messageOrder } from '../inbox/message-order.ts';
import { queueDeliveries } from '../outbox/effects.ts';

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
