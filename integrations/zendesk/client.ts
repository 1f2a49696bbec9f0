import nodeZendesk from 'node-zendesk';
import type { z } from 'zod';
import type { HttpAnswer } from '../../src/http-client.ts';
import { AuditsPage, type Comment, CommentsPage, Me, Ticket, TicketUpdate, type User } from './schema.ts';
import type { Transport } from './transport.ts';

/** A ticket with its newest comments and everybody who appears in it. */
export interface TicketRead {
	ticket: Ticket;
	/** Oldest first. */
	comments: Comment[];
	users: Map<string, User>;
	/** When the ticket was read, by Zendesk's clock, to the second; undefined where it did not say. */
	readAt: Date | undefined;
}

/** The change of a ticket that a reply, a note or a hand-over is. */
export interface TicketChange {
	comment: { body: string; public: boolean; author_id?: number };
	priority?: string | undefined;
	group_id?: number | undefined;
	additional_tags?: string[] | undefined;
	/** Found again by `findByKey`. */
	key: string;
	/** The ticket's `updated_at` as it was read; Zendesk refuses the write if it has changed since. */
	stamp: string;
}

/** The calls that this integration makes, as one Zendesk client. */
export interface ZendeskClient {
	me(): Promise<User>;
	readTicket(ticketId: string): Promise<TicketRead>;
	/** Returns the id of the comment it made. */
	updateTicket(ticketId: string, change: TicketChange): Promise<string>;
	/** The id of the comment that was written under `key`, if one was. */
	findByKey(ticketId: string, key: string): Promise<string | undefined>;
	removeTags(ticketId: string, tags: string[]): Promise<void>;
}

/** How many of a ticket's newest comments are read: enough to see everything since the last turn. */
const commentsRead = 100;

/**
 * `node-zendesk` where it works, on our transport: with its own a 429 counts as success and a dead peer hangs for ever.
 * Around it where it drops what we need: query parameters on comments and audits, a body on DELETE.
 */
export function createZendeskClient(url: string, transport: Transport): ZendeskClient {
	const zendesk = nodeZendesk.createClient({
		endpointUri: `${url}/api/v2`,
		useOAuth: true,
		// Never sent: the transport below puts the real one on every call.
		token: 'by-transport',
		throwOriginalException: true,
		transportConfig: {
			transportFn: (uri: string, options: { method: string; body?: string }) =>
				transport.send(uri, { method: options.method, body: options.body }),
			responseAdapter: readable,
		},
	});
	const get = async <S extends z.ZodType>(path: string, schema: S): Promise<z.infer<S>> =>
		schema.parse(JSON.parse((await transport.send(path)).text));

	return {
		async me() {
			return (await get('/api/v2/users/me.json', Me)).user;
		},

		async readTicket(ticketId) {
			const query = `page[size]=${commentsRead}&sort=-created_at&include=users`;
			// The ticket first: a stamp newer than the comments would let a reply pass over a comment we have not seen.
			const { result, response } = await zendesk.tickets.show(Number(ticketId));
			const page = await get(`/api/v2/tickets/${ticketId}/comments.json?${query}`, CommentsPage);
			const ticket = Ticket.parse(result);
			const users = new Map((page.users ?? []).map(user => [user.id, user]));
			if (!users.has(ticket.requester_id)) {
				const { user } = await get(`/api/v2/users/${ticket.requester_id}.json`, Me);
				users.set(user.id, user);
			}
			return {
				ticket,
				comments: page.comments.toReversed(),
				users,
				readAt: dateOf(response as unknown as ReadableAnswer),
			};
		},

		async updateTicket(ticketId, { key, stamp, ...change }) {
			const { response } = await zendesk.tickets.update(Number(ticketId), {
				ticket: { ...change, metadata: { understudy_key: key }, safe_update: true, updated_stamp: stamp },
			} as never);
			// The library's `result` is the ticket alone; the audit, which names the comment, is only in the response.
			const { audit } = TicketUpdate.parse(await (response as unknown as ReadableAnswer).json());
			return commentOf(audit) ?? audit.id;
		},

		async findByKey(ticketId, key) {
			let path: string | null | undefined = `/api/v2/tickets/${ticketId}/audits.json?page[size]=100&sort=-created_at`;
			while (path) {
				const page: z.infer<typeof AuditsPage> = await get(path, AuditsPage);
				const audit = page.audits.find(({ metadata }) => metadata?.custom?.understudy_key === key);
				if (audit) return commentOf(audit) ?? audit.id;
				path = page.meta?.has_more ? page.links?.next : undefined;
			}
			return undefined;
		},

		async removeTags(ticketId, tags) {
			await transport.send(`/api/v2/tickets/${ticketId}/tags.json`, {
				method: 'DELETE',
				body: JSON.stringify({ tags }),
			});
		},
	};
}

/** What the server's clock said, to the second. */
function dateOf({ headers }: ReadableAnswer): Date | undefined {
	const date = new Date(headers.get('date') ?? '');
	return Number.isNaN(date.getTime()) ? undefined : date;
}

/** An answer as the library wants to read it; more than once, for what it leaves out. */
interface ReadableAnswer {
	status: number;
	statusText: string;
	headers: { get(name: string): string | null };
	json(): Promise<unknown>;
}

function readable({ status, header, text }: HttpAnswer): ReadableAnswer {
	let body: unknown;
	return {
		status,
		statusText: '',
		headers: { get: name => header(name.toLowerCase()) ?? null },
		async json() {
			body ??= JSON.parse(text);
			return body;
		},
	};
}

const commentOf = ({ events }: { events: { type: string; id?: string | undefined }[] }) =>
	events.find(({ type }) => type === 'Comment')?.id;
