import type { Job, Queue } from '../src/pipeline.ts';
import type { Reviews } from '../src/reviews.ts';

export interface ReviewDeps {
	reviews: Reviews;
	queue: Queue;
}

/** Applies what agents did: verdicts on drafts, replies of their own, tickets handed back, solved or opened again. */
export function createReview({ reviews, queue }: ReviewDeps): Job<'review'> {
	return {
		async run({ conversationId }) {
			for (const stage of await reviews.apply(conversationId)) await queue.tick(stage, { conversationId });
		},
	};
}
