import type { Transaction } from 'kysely';
import { audit } from '../audit/audit.ts';
import type { Conversation } from '../conversation.ts';
import type { Schema } from '../database/schema.ts';
import { recordOutcomes } from '../outbox/outcomes.ts';
import { matchDraft } from './draft-match.ts';

/** An agent who spoke in public while a draft was pending: did they send it as it was, change it, or write their own? */
export async function reconcileDraft(tx: Transaction<Schema>, conversation: Conversation): Promise<void> {
	const draft = await tx
		.selectFrom('drafts')
		.selectAll()
		.where('conversation_id', '=', conversation.id)
		.where('state', '=', 'pending')
		.forUpdate()
		.executeTakeFirst();
	if (!draft) return;
	const reply = await tx
		.selectFrom('messages')
		.select(['text', 'author_id', 'external_id'])
		.where('conversation_id', '=', conversation.id)
		.where('author', '=', 'agent')
		.where('is_public', '=', true)
		.where('written_at', '>=', where =>
			where
				.selectFrom('messages')
				.select('written_at')
				.where('conversation_id', '=', conversation.id)
				.where('external_id', '=', draft.based_on),
		)
		.orderBy('written_at')
		.executeTakeFirst();
	if (!reply) return;
	const match = matchDraft(draft.text, reply.text);
	await tx
		.updateTable('drafts')
		.set({
			state: match.kind === 'replaced' ? 'stale' : 'sent',
			decided_by: reply.author_id,
			reason: match.kind,
			decided_at: new Date(),
		})
		.where('id', '=', draft.id)
		.execute();
	await recordOutcomes(tx, {
		tenantId: conversation.tenantId,
		turnId: draft.turn_id,
		draftId: draft.id,
		kind: match.kind === 'as_is' ? 'approved' : match.kind,
		detail: {
			agent: reply.author_id,
			message: reply.external_id,
			similarity: match.similarity,
			removed: match.removed,
			added: match.added,
		},
	});
	await audit(tx, {
		tenantId: conversation.tenantId,
		actor: `agent:${reply.author_id}`,
		action: `draft_${match.kind}`,
		conversationId: conversation.id,
		turnId: draft.turn_id,
		detail: { draft: draft.id, similarity: match.similarity },
	});
}
