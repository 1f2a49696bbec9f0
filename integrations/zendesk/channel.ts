import type { Channel, IncomingMessage, Thread } from '../../src/channel.ts';
import type { Author } from '../../src/conversation.ts';
import type { Helpdesk } from '../../src/helpdesk.ts';
import { createZendeskClient, type TicketChange, type TicketRead, type ZendeskClient } from './client.ts';
import type { ZendeskSettings } from './config.ts';
import { commentBody } from './format.ts';
import type { Comment, User } from './schema.ts';
import { createTransport, type TransportOptions } from './transport.ts';
import { readWebhook, statusOf } from './webhook.ts';

export interface ZendeskDeps extends TransportOptions {
	/** How far apart the stamps of two versions of a ticket are, in milliseconds: Zendesk's own second unless said. */
	stampStepMs?: number;
}

/** Zendesk as the place where customers write and where agents work: one account, one set of calls. */
export interface Zendesk extends Channel, Helpdesk {
	/** Asks who we are there, which the loop guards need. @throws UnderstudyError where the credentials are refused. */
	connect(): Promise<{ id: string; name: string }>;
}

export function createZendeskChannel(settings: ZendeskSettings, deps: ZendeskDeps = {}): Zendesk {
	const client = createZendeskClient(settings.url, createTransport(settings, deps));
	let bot: User | undefined;
	const connect = async () => {
		bot ??= await client.me();
		return { id: bot.id, name: bot.name ?? '' };
	};
	const now = deps.now ?? Date.now;

	return {
		name: 'zendesk',
		// A 409 is what Zendesk is documented to deliver again; a plain 5xx is not.
		redeliverStatus: 409,
		connect,

		receive: request => readWebhook(request, { secret: settings.webhookSecret, botId: () => bot?.id, now }),

		async readThread(threadId) {
			await connect();
			return threadOf(await client.readTicket(threadId), bot?.id, deps);
		},

		async reply({ threadId, key, text, authorId, stamp, addTags }) {
			const comment = { body: commentBody(text), public: true, ...(authorId ? { author_id: Number(authorId) } : {}) };
			return update(client, threadId, { comment, key, stamp, additional_tags: addTags });
		},

		async find(threadId, key) {
			const externalId = await client.findByKey(threadId, key);
			return externalId === undefined ? undefined : { externalId };
		},

		addNote: ({ ticketId, key, stamp, text, addTags }) =>
			update(client, ticketId, { comment: note(text), key, stamp, additional_tags: addTags }),

		handOver: ({ ticketId, key, stamp, text, addTags, priority, groupId }) =>
			update(client, ticketId, {
				comment: note(text),
				key,
				stamp,
				additional_tags: addTags,
				priority,
				group_id: groupId === undefined ? undefined : Number(groupId),
			}),

		removeTags: (ticketId, tags) => client.removeTags(ticketId, tags),
	};
}

const note = (text: string) => ({ body: commentBody(text), public: false });

async function update(client: ZendeskClient, ticketId: string, change: TicketChange) {
	return { externalId: await client.updateTicket(ticketId, change) };
}

/** `updated_at` counts in whole seconds: only one whose second is over names a single version of the ticket. */
const stampStep = 1000;

function threadOf(
	{ ticket, comments, users, readAt }: TicketRead,
	botId: string | undefined,
	{ stampStepMs = stampStep, now = Date.now }: Pick<ZendeskDeps, 'stampStepMs' | 'now'>,
): Thread {
	const requester = users.get(ticket.requester_id);
	return {
		requester: {
			id: ticket.requester_id,
			name: requester?.name ?? null,
			email: requester?.email ?? null,
			locale: requester?.locale ?? null,
			organizationId: ticket.organization_id ?? requester?.organization_id ?? null,
		},
		subject: ticket.subject ?? null,
		status: statusOf(ticket.status),
		tags: ticket.tags,
		stamp: ticket.updated_at,
		stampFinalInMs: Math.max(0, Date.parse(ticket.updated_at) + stampStepMs - (readAt?.getTime() ?? now())),
		messages: comments.map(
			(comment): IncomingMessage => ({
				externalId: comment.id,
				author: authorOf(comment, ticket.requester_id, users, botId),
				authorId: comment.author_id,
				isPublic: comment.public,
				text: comment.plain_body ?? comment.body ?? '',
				writtenAt: new Date(comment.created_at),
			}),
		),
	};
}

function authorOf(
	{ author_id: authorId, metadata }: Comment,
	requesterId: string,
	users: ReadonlyMap<string, User>,
	botId: string | undefined,
): Author {
	// Our marker, or our user: an approved draft carries the first and shows the agent as its author.
	if (metadata?.custom?.understudy_key !== undefined || authorId === botId) return 'assistant';
	if (authorId === requesterId) return 'customer';
	return users.get(authorId)?.role === 'end-user' ? 'customer' : 'agent';
}
