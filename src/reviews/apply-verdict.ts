import type { Selectable, Transaction } from 'kysely';
import { audit } from '../audit/audit.ts';
import type { Verdict } from '../channel.ts';
import type { Conversation } from '../conversation.ts';
import type { Schema } from '../database/schema.ts';
import { recordOutcomes } from '../outbox/outcomes.ts';
import { queueDeliveries } from '../outbox/queue-deliveries.ts';

/** What an agent decided about the draft that was there to be read; without one, only the tags are dealt with. */
export async function applyVerdict(
	tx: Transaction<Schema>,
	conversation: Conversation,
	{ verdict, agentId }: { verdict: Verdict; agentId: string },
	receivedAt: Date,
	tags: string[],
): Promise<void> {
	const draft = await claimPending(tx, conversation.id, verdict, agentId, receivedAt);
	if (draft && verdict.kind === 'send') {
		await queueDeliveries(tx, {
			conversation,
			kind: 'reply',
			turnId: draft.turn_id,
			draftId: draft.id,
			payload: { text: draft.text, basedOn: draft.based_on, authorId: agentId },
		});
	}
	if (draft && verdict.kind === 'reject') {
		await recordOutcomes(tx, {
			tenantId: conversation.tenantId,
			turnId: draft.turn_id,
			draftId: draft.id,
			kind: 'rejected',
			detail: { reason: verdict.reason, agent: agentId },
		});
	}
	// With or without a draft the tags must go, or the next press of the macro would change nothing.
	await queueDeliveries(tx, {
		conversation,
		kind: 'settle_review',
		...(draft ? { draftId: draft.id, turnId: draft.turn_id } : {}),
		payload: { removeTags: tags, isSend: verdict.kind === 'send' },
	});
	await audit(tx, {
		tenantId: conversation.tenantId,
		actor: `agent:${agentId}`,
		action: `verdict_${verdict.kind}`,
		conversationId: conversation.id,
		...(draft ? { turnId: draft.turn_id } : {}),
		detail: { draft: draft?.id ?? null, ...(verdict.kind === 'reject' ? { reason: verdict.reason } : {}) },
	});
}

/** Compare-and-set: of two agents who press at once, one gets the draft. Only one that was there to be read can be meant. */
async function claimPending(
	tx: Transaction<Schema>,
	conversationId: string,
	verdict: Verdict,
	agentId: string,
	receivedAt: Date,
): Promise<Selectable<Schema['drafts']> | undefined> {
	return tx
		.updateTable('drafts')
		.set(
			verdict.kind === 'send'
				? { state: 'claimed', decided_by: agentId, decided_at: new Date() }
				: { state: 'rejected', decided_by: agentId, decided_at: new Date(), reason: verdict.reason },
		)
		.where('conversation_id', '=', conversationId)
		.where('state', '=', 'pending')
		.where(({ exists, selectFrom }) =>
			exists(
				selectFrom('deliveries')
					.select('id')
					.whereRef('deliveries.draft_id', '=', 'drafts.id')
					.where('kind', '=', 'note')
					.where('deliveries.state', '=', 'sent')
					.where('sent_at', '<=', receivedAt),
			),
		)
		.returningAll()
		.executeTakeFirst();
}
