import { randomUUID } from 'node:crypto';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { ChannelEvent, IncomingMessage, Thread, ThreadHint } from './channel.ts';
import type { Conversation } from './conversation.ts';
import { readConversation } from './conversations.ts';
import type { Schema } from './database/schema.ts';
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
}

export function createInbox(deps: InboxDeps): Inbox {
	const { query, queue, log, metrics, tenantId, settleMs } = deps;

	// Called after the commit: what is stored cannot be lost, a tick that fails is made up for by the sweeper.
	const tick = (stage: TickedStage, conversationId: string) =>
		queue
			.tick(stage, { conversationId }, stage === 'respond' ? { delayMs: settleMs } : {})
			.catch(error => log.warn({ stage, conversationId, err: error }, 'tick failed, left to the sweeper'));

	return {
		async accept(channel, events) {
			const ticks: { stage: TickedStage; conversationId: string }[] = [];
			let stored = 0;
			let created = 0;
			await query.transaction().execute(async tx => {
				for (const event of events) {
					const { id: conversationId, isNew: isFirst } = await ensureConversation(tx, tenantId, channel, event.thread);
					if (isFirst) created++;
					const isNew = await storeEvent(tx, tenantId, channel, conversationId, event);
					if (!isNew) continue;
					stored++;
					if (event.kind === 'message') await storeMessage(tx, tenantId, conversationId, event.message);
					const stage = stageOf(event);
					if (stage) ticks.push({ stage, conversationId });
				}
			});
			for (; created > 0; created--) metrics.conversationCreated(tenantId);
			for (const { stage, conversationId } of ticks) await tick(stage, conversationId);
			return { stored, duplicates: events.length - stored };
		},

		async merge(conversation, thread) {
			const isNewlySolved = thread.status !== 'open' && conversation.status === 'open';
			const arrivals = await query.transaction().execute(async tx => {
				// The conversation before its messages, as everywhere: two that lock in different orders wait for each other for ever.
				await tx
					.updateTable('conversations')
					.set({
						requester_id: thread.requester.id,
						requester_name: withoutNul(thread.requester.name),
						requester_email: withoutNul(thread.requester.email),
						requester_locale: thread.requester.locale,
						organization_id: thread.requester.organizationId,
						subject: withoutNul(thread.subject),
						status: thread.status,
						...(isNewlySolved ? { harvest_due_since: new Date() } : {}),
						updated_at: new Date(),
					})
					.where('id', '=', conversation.id)
					.execute();
				const known = new Map(
					(
						await tx
							.selectFrom('messages')
							.select(['external_id', 'written_at'])
							.where('conversation_id', '=', conversation.id)
							.execute()
					).map(row => [row.external_id, row.written_at.getTime()]),
				);
				const fresh: IncomingMessage[] = [];
				for (const message of thread.messages) {
					const writtenAt = known.get(message.externalId);
					if (writtenAt === undefined) {
						if (await storeMessage(tx, tenantId, conversation.id, message)) fresh.push(message);
					} else if (writtenAt !== message.writtenAt.getTime()) {
						await correctTime(tx, conversation.id, message);
					}
				}
				return fresh.filter(message => message.isPublic);
			});
			const stages: TickedStage[] = [];
			if (arrivals.some(message => message.author === 'customer')) stages.push('respond');
			if (arrivals.some(message => message.author === 'agent')) stages.push('review');
			if (isNewlySolved) stages.push('harvest');
			for (const stage of stages) await tick(stage, conversation.id);
			return readConversation(query, conversation.id);
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

async function ensureConversation(
	tx: Transaction<Schema>,
	tenantId: string,
	channel: string,
	thread: ThreadHint,
): Promise<{ id: string; isNew: boolean }> {
	const row = await tx
		.insertInto('conversations')
		.values({
			id: randomUUID(),
			tenant_id: tenantId,
			channel,
			external_id: thread.externalId,
			requester_id: thread.requesterId,
			requester_name: null,
			requester_email: null,
			requester_locale: null,
			organization_id: thread.organizationId ?? null,
			subject: withoutNul(thread.subject ?? null),
			language: null,
		})
		// Touching the row is what makes `returning` answer for one that was there; it also serialises two webhooks of one thread.
		.onConflict(conflict =>
			conflict.columns(['tenant_id', 'channel', 'external_id']).doUpdateSet({ updated_at: new Date() }),
		)
		// A row that was only touched has been locked by the update.
		.returning(['id', sql<boolean>`xmax = 0`.as('isNew')])
		.executeTakeFirstOrThrow();
	return row;
}

/** False where this event had been stored before. */
async function storeEvent(
	tx: Transaction<Schema>,
	tenantId: string,
	channel: string,
	conversationId: string,
	event: ChannelEvent,
): Promise<boolean> {
	const { vendorEventId, thread: _, kind, ...rest } = event;
	const payload = 'message' in rest ? { externalId: rest.message.externalId } : rest;
	const row = await tx
		.insertInto('events')
		.values({
			id: randomUUID(),
			tenant_id: tenantId,
			channel,
			vendor_event_id: vendorEventId,
			conversation_id: conversationId,
			kind,
			payload: JSON.stringify(payload),
			// A message is work by being there; everything else waits until its stage has dealt with it.
			handled_at: kind === 'message' ? new Date() : null,
		})
		.onConflict(conflict => conflict.columns(['tenant_id', 'channel', 'vendor_event_id']).doNothing())
		.returning('id')
		.executeTakeFirst();
	return row !== undefined;
}

/** False where this message had been stored before. */
async function storeMessage(
	tx: Transaction<Schema>,
	tenantId: string,
	conversationId: string,
	message: IncomingMessage,
): Promise<boolean> {
	const row = await tx
		.insertInto('messages')
		.values({
			id: randomUUID(),
			tenant_id: tenantId,
			conversation_id: conversationId,
			external_id: message.externalId,
			author: message.author,
			author_id: message.authorId,
			is_public: message.isPublic,
			text: withoutNul(message.text),
			written_at: message.writtenAt,
			turn_id: null,
		})
		.onConflict(conflict => conflict.columns(['conversation_id', 'external_id']).doNothing())
		.returning('id')
		.executeTakeFirst();
	// In the same transaction as the message: from the moment a person is known to have spoken, the assistant is silent.
	if (row && message.isPublic && message.author === 'agent') {
		await tx
			.updateTable('conversations')
			.set({ held_by: 'person', updated_at: sql`now()` })
			.where('id', '=', conversationId)
			.execute();
	}
	return row !== undefined;
}

/** A webhook dates a message by its own time; the thread knows better, and every order is made by the thread's clock. */
async function correctTime(tx: Transaction<Schema>, conversationId: string, message: IncomingMessage): Promise<void> {
	await tx
		.updateTable('messages')
		.set({ written_at: message.writtenAt })
		.where('conversation_id', '=', conversationId)
		.where('external_id', '=', message.externalId)
		.execute();
}

/** PostgreSQL takes every character but this one. */
function withoutNul<T extends string | null>(text: T): T {
	return (text?.replaceAll('\0', '') ?? null) as T;
}
