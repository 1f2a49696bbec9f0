import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { ChannelEvent } from '../channel.ts';
import { insertRows } from '../database/insert-rows.ts';
import type { Schema } from '../database/schema.ts';
import { inOrderOf, storable, storeMessages } from './store-messages.ts';

/** What one webhook brought. */
export interface Post {
	channel: string;
	events: readonly ChannelEvent[];
}

/** What was new in it. */
export interface Accepted {
	created: number;
	events: { event: ChannelEvent; conversationId: string }[];
}

interface PostedEvent {
	post: number;
	channel: string;
	event: ChannelEvent;
	conversationId: string;
}

/** Stores what many webhooks brought, each event and each message once. */
export async function acceptEvents(
	tx: Transaction<Schema>,
	tenantId: string,
	posts: readonly Post[],
): Promise<Accepted[]> {
	const accepted: Accepted[] = posts.map(() => ({ created: 0, events: [] }));
	const events = posts.flatMap(({ channel, events }, post) =>
		events.map((event): PostedEvent => ({ post, channel, event, conversationId: '' })),
	);
	if (events.length === 0) return accepted;
	await findConversations(tx, tenantId, events, accepted);
	const fresh = await storeEvents(
		tx,
		tenantId,
		inOrderOf(events, one => one.conversationId),
	);
	const arrivals = fresh.flatMap(({ event, conversationId }) =>
		event.kind === 'message' ? [{ conversationId, message: event.message }] : [],
	);
	await storeMessages(tx, tenantId, arrivals);
	for (const { post, event, conversationId } of fresh) accepted[post]?.events.push({ event, conversationId });
	return accepted;
}

/** Notes on every event which conversation it belongs to, beginning those that are new. */
async function findConversations(
	tx: Transaction<Schema>,
	tenantId: string,
	events: PostedEvent[],
	accepted: Accepted[],
): Promise<void> {
	const first = new Map<string, PostedEvent>();
	for (const one of inOrderOf(events, threadKey)) if (!first.has(threadKey(one))) first.set(threadKey(one), one);
	const begun = await insertRows(
		tx,
		'conversations',
		[...first.values()].map(({ channel, event: { thread } }) => ({
			id: randomUUID(),
			tenant_id: tenantId,
			channel,
			external_id: thread.externalId,
			requester_id: thread.requesterId,
			requester_name: null,
			requester_email: null,
			requester_locale: null,
			organization_id: thread.organizationId ?? null,
			subject: storable(thread.subject ?? null),
			language: null,
		})),
	)
		.onConflict(conflict => conflict.columns(['tenant_id', 'channel', 'external_id']).doNothing())
		.returning(['id', 'channel', 'external_id'])
		.execute();
	const ids = new Map(begun.map(row => [`${row.channel}/${row.external_id}`, row.id]));
	for (const key of ids.keys()) {
		const post = accepted[first.get(key)?.post ?? 0];
		if (post) post.created++;
	}
	const known = [...first].filter(([key]) => !ids.has(key)).map(([, one]) => one);
	if (known.length > 0) {
		const rows = await tx
			.selectFrom('conversations')
			.select(['id', 'channel', 'external_id'])
			.where('tenant_id', '=', tenantId)
			.where(where =>
				where.or(known.map(({ channel, event }) => where.and({ channel, external_id: event.thread.externalId }))),
			)
			.execute();
		for (const row of rows) ids.set(`${row.channel}/${row.external_id}`, row.id);
	}
	for (const one of events) one.conversationId = ids.get(threadKey(one)) as string;
}

const threadKey = ({ channel, event }: PostedEvent) => `${channel}/${event.thread.externalId}`;

/** Returns the events that had not been stored before, in the order given. */
async function storeEvents(
	tx: Transaction<Schema>,
	tenantId: string,
	events: readonly PostedEvent[],
): Promise<PostedEvent[]> {
	const byId = new Map(events.map(event => [randomUUID() as string, event]));
	const rows = [...byId].map(([id, { channel, conversationId, event }]) => {
		const { vendorEventId, thread: _, kind, ...rest } = event;
		const payload = 'message' in rest ? { externalId: rest.message.externalId } : rest;
		return {
			id,
			tenant_id: tenantId,
			channel,
			vendor_event_id: vendorEventId,
			conversation_id: conversationId,
			kind,
			payload,
			// A message is work by being there; everything else waits until its stage has dealt with it.
			handled_at: kind === 'message' ? new Date() : null,
		};
	});
	const stored = await insertRows(tx, 'events', rows)
		.onConflict(conflict => conflict.columns(['tenant_id', 'channel', 'vendor_event_id']).doNothing())
		.returning('id')
		.execute();
	return stored.map(({ id }) => byId.get(id) as PostedEvent);
}
