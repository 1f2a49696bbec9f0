import type { Channel } from '../src/channel.ts';
import type { Conversation } from '../src/conversation.ts';
import type { Inbox } from '../src/inbox.ts';
import type { Job, Queue } from '../src/pipeline.ts';
import type { Reviews } from '../src/reviews.ts';

export interface ReviewDeps {
	reviews: Reviews;
	readConversation: (id: string) => Promise<Conversation>;
	channelOf: (conversation: Conversation) => Channel;
	inbox: Pick<Inbox, 'merge'>;
	queue: Queue;
}

/** Applies what agents did: verdicts on drafts, replies of their own, tickets handed back, solved or opened again. */
export function createReview({ reviews, queue, inbox, channelOf, readConversation }: ReviewDeps): Job<'review'> {
	return {
		async run({ conversationId }) {
			const isHandingBack = await reviews.isHandingBack(conversationId);
			if (isHandingBack) {
				// What the agent said before handing back must be known before: told late, it would take the conversation back.
				const conversation = await readConversation(conversationId);
				await inbox.merge(conversation, await channelOf(conversation).readThread(conversation.externalId));
			}
			for (const stage of await reviews.apply(conversationId, isHandingBack))
				await queue.tick(stage, { conversationId });
		},
	};
}
