import type { Kysely, Transaction } from 'kysely';
import type { ChannelEvent, Verdict } from './channel.ts';
import type { Conversation } from './conversation.ts';
import { readConversations } from './conversations.ts';
import type { Schema } from './database/schema.ts';
import { lockConversations } from './inbox/store-messages.ts';
import type { Stage } from './pipeline.ts';
import { applyStatus } from './reviews/apply-status.ts';
import { applyVerdict } from './reviews/apply-verdict.ts';
import { handBack } from './reviews/hand-back.ts';
import { reconcileDraft } from './reviews/reconcile-draft.ts';

/** Which stages have work after agents did something. */
export type FollowUps = Set<FollowUp>;
type FollowUp = Extract<Stage, 'respond' | 'deliver' | 'harvest'>;

/** What agents do to drafts and conversations, applied once each, in the order it was stored. */
export interface Reviews {
	/** @param isRead whether the thread has been read since hand-backs were looked for: without that they wait. */
	apply(conversationId: string, isRead: boolean): Promise<FollowUps>;
	/** Whether a hand-back waits to be applied. */
	isHandingBack(conversationId: string): Promise<boolean>;
}

/** The tags that a verdict leaves on a ticket, which are taken off once it has been dealt with. */
export function createReviews(query: Kysely<Schema>, tagsOf: (verdict: Verdict | 'hand_back') => string[]): Reviews {
	return {
		async isHandingBack(conversationId) {
			const row = await query
				.selectFrom('events')
				.select('id')
				.where('conversation_id', '=', conversationId)
				.where('kind', '=', 'hand_back')
				.where('handled_at', 'is', null)
				.executeTakeFirst();
			return row !== undefined;
		},

		async apply(conversationId, isRead) {
			const followUps: FollowUps = new Set();
			const [conversation] = await readConversations(query, [conversationId]);
			if (!conversation) return followUps;
			await query.transaction().execute(async tx => {
				await lockConversations(tx, [conversationId]).execute();
				await reconcileDraft(tx, conversation);
			});
			const events = await query
				.selectFrom('events')
				.select(['id', 'kind', 'payload', 'received_at'])
				.where('conversation_id', '=', conversationId)
				.where('kind', 'in', isRead ? ['verdict', 'status', 'hand_back'] : ['verdict', 'status'])
				.where('handled_at', 'is', null)
				.orderBy('seq')
				.execute();
			for (const event of events) {
				const happening = { kind: event.kind, ...(event.payload as object) } as ReviewEvent;
				await query.transaction().execute(async tx => {
					await lockConversations(tx, [conversationId]).execute();
					const claimed = await tx
						.updateTable('events')
						.set({ handled_at: new Date() })
						.where('id', '=', event.id)
						.where('handled_at', 'is', null)
						.returning('id')
						.executeTakeFirst();
					if (claimed)
						for (const stage of await applyEvent(tx, conversation, happening, event.received_at, tagsOf))
							followUps.add(stage);
				});
			}
			return followUps;
		},
	};
}

type ReviewEvent = Extract<ChannelEvent, { kind: 'verdict' | 'hand_back' | 'status' }>;

/** Returns the stages that have work now. */
async function applyEvent(
	tx: Transaction<Schema>,
	conversation: Conversation,
	event: ReviewEvent,
	receivedAt: Date,
	tagsOf: (verdict: Verdict | 'hand_back') => string[],
): Promise<FollowUp[]> {
	switch (event.kind) {
		case 'verdict':
			await applyVerdict(tx, conversation, event, receivedAt, tagsOf(event.verdict));
			return ['deliver'];
		case 'hand_back':
			await handBack(tx, conversation, event.agentId, tagsOf('hand_back'));
			return ['respond', 'deliver'];
		case 'status':
			return (await applyStatus(tx, conversation, event)) ? ['harvest'] : [];
	}
}
