import type { Kysely, Transaction } from 'kysely';
import { createBatch } from './batch.ts';
import type { ChannelEvent, Thread } from './channel.ts';
import type { Conversation } from './conversation.ts';
import { inOrderOfIds, selectConversations } from './conversations.ts';
import { anyOf } from './database/any-of.ts';
import type { Schema } from './database/schema.ts';
import { together } from './database/together.ts';
import { acceptEvents, type Post } from './inbox/accept-events.ts';
import { isNewlySolved, type Merged, mergeThreads, type ThreadRead } from './inbox/merge-threads.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Queue, Stage } from './pipeline.ts';

export interface InboxDeps {
	query: Kysely<Schema>;
	queue: Queue;
	log: Logger;
	metrics: Pick<Metrics, 'conversationCreated'>;
	tenantId: string;
	/** How long to wait for a customer who is still typing, before the first look. */
	settleMs: number;
}

/** In once: whatever vendors tell, however often and in whatever order. */
export interface Inbox {
	/** Stores what is new in one transaction, then ticks. Resolved means stored. */
	accept(channel: string, events: ChannelEvent[]): Promise<{ stored: number; duplicates: number }>;
	/** Stores what a read of the thread shows and the webhooks did not tell. Returns the conversation as it now is. */
	merge(conversation: Conversation, thread: Thread): Promise<Conversation>;
	/** Ticks what a merged read asks for, besides an answer. */
	follow(read: ThreadRead, merged: Merged): Promise<void>;
	/** The conversation as it is stored, with the events that only say that something has changed, until they are dismissed. */
	look(conversationId: string): Promise<{ conversation: Conversation; hints: string[] }>;
	/** Notes that hints have been looked into. */
	dismiss(hints: readonly string[]): Promise<void>;
}

export function createInbox({ query, queue, log, metrics, tenantId, settleMs }: InboxDeps): Inbox {
	const accept = createBatch(
		(posts: Post[]) => query.transaction().execute(tx => acceptEvents(tx, tenantId, posts)),
		// A vendor waits for the acknowledgement.
		{ lingerMs: 0 },
	);
	const merge = createBatch(
		(reads: ThreadRead[]) => query.transaction().execute(tx => mergeThreads(tx, tenantId, reads)),
		{ keyOf: ({ conversation }) => conversation.id },
	);
	const look = createBatch((ids: string[]) => query.transaction().execute(tx => lookAt(tx, ids)));

	// Called after the commit: what is stored cannot be lost, a tick that fails is made up for by the sweeper.
	const tick = (stage: TickedStage, conversationId: string, senderId: string) =>
		queue
			.tick(
				stage,
				{ conversationId },
				{ origin: { tenantId, senderId }, ...(stage === 'respond' ? { delayMs: settleMs } : {}) },
			)
			.catch(error => log.warn({ stage, conversationId, err: error }, 'tick failed, left to the sweeper'));

	const follow: Inbox['follow'] = async (read, { conversation, arrivals }) => {
		const stages: TickedStage[] = [];
		if (arrivals.some(message => message.author === 'agent')) stages.push('review');
		if (isNewlySolved(read)) stages.push('harvest');
		for (const stage of stages) await tick(stage, conversation.id, conversation.requester.id);
	};

	return {
		async accept(channel, events) {
			const { created, events: fresh } = await accept({ channel, events });
			for (let count = 0; count < created; count++) metrics.conversationCreated(tenantId);
			for (const { event, conversationId } of fresh) {
				const stage = stageOf(event);
				if (stage) await tick(stage, conversationId, event.thread.requesterId);
			}
			return { stored: fresh.length, duplicates: events.length - fresh.length };
		},

		async merge(stored, thread) {
			const read = { conversation: stored, thread };
			const merged = await merge(read);
			const { conversation, arrivals } = merged;
			const isAsked = arrivals.some(message => message.author === 'customer');
			if (isAsked) await tick('respond', conversation.id, conversation.requester.id);
			await follow(read, merged);
			return conversation;
		},

		follow,

		look,

		async dismiss(ids) {
			if (ids.length === 0) return;
			await query.updateTable('events').set({ handled_at: new Date() }).where(anyOf('id', ids)).execute();
		},
	};
}

type TickedStage = Extract<Stage, 'respond' | 'review' | 'harvest'>;

function stageOf(event: ChannelEvent): TickedStage | undefined {
	if (event.kind === 'changed') return 'respond';
	if (event.kind !== 'message') return 'review';
	if (!event.message.isPublic || event.message.author === 'assistant') return undefined;
	return event.message.author === 'customer' ? 'respond' : 'review';
}

async function lookAt(tx: Transaction<Schema>, conversationIds: readonly string[]) {
	const [found, rows] = await together(
		tx,
		selectConversations(tx, conversationIds),
		tx
			.selectFrom('events')
			.select(['id', 'conversation_id'])
			.where(anyOf('conversation_id', conversationIds))
			.where('kind', '=', 'changed')
			.where('handled_at', 'is', null),
	);
	const conversations = inOrderOfIds(found, conversationIds);
	const hints = Map.groupBy(rows, row => row.conversation_id);
	return conversations.map(conversation => ({
		conversation,
		hints: hints.get(conversation.id)?.map(({ id }) => id) ?? [],
	}));
}
