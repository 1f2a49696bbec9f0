import { sql, type Transaction } from 'kysely';
import type { ChannelEvent } from '../channel.ts';
import type { Conversation } from '../conversation.ts';
import type { Schema } from '../database/schema.ts';
import { retireArticles } from '../knowledge/retire-articles.ts';

/** A ticket was solved, closed or opened again. Returns whether there is something to learn from it. */
export async function applyStatus(
	tx: Transaction<Schema>,
	conversation: Conversation,
	{ status, by }: Extract<ChannelEvent, { kind: 'status' }>,
): Promise<boolean> {
	const isToHarvest = status !== 'open' && by !== 'assistant';
	await tx
		.updateTable('conversations')
		.set({ status, updated_at: new Date(), harvest_due_since: isToHarvest ? new Date() : null })
		.where('id', '=', conversation.id)
		.execute();
	if (status === 'open') await retireCandidate(tx, conversation);
	return isToHarvest;
}

/** A ticket that was opened again had not been answered after all. */
async function retireCandidate(tx: Transaction<Schema>, conversation: Conversation): Promise<void> {
	await tx
		.updateTable('candidates')
		.set({ state: 'discarded', reason: 'reopened', decided_at: new Date() })
		.where('conversation_id', '=', conversation.id)
		.where('state', 'in', ['staged', 'published'])
		.execute();
	// Its article goes out of search with the sweeper's next look.
	const isItsArticle = sql<boolean>`source = 'ticket' and source_ref = ${conversation.externalId}`;
	await retireArticles(tx, conversation.tenantId, isItsArticle);
}
