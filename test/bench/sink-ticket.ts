import type { BenchTicket } from './tickets.ts';

/** What was done about one ticket, as the helpdesk saw it. */
export interface TicketEffects {
	id: number;
	/** Milliseconds since the epoch, with fractions; 0 until then. */
	firstAtMs: number;
	replies: number;
	notes: number;
	handOvers: number;
}

/** One ticket of the sink. Comments and audits are JSON already, oldest first. */
export interface SinkTicket extends TicketEffects {
	requesterId: number;
	subject: string;
	updatedAt: string;
	tags: Set<string>;
	comments: string[];
	audits: string[];
}

/** What a PUT asks for. */
export interface TicketChange {
	comment?: { body: string; public: boolean; author_id?: number };
	additional_tags?: string[];
	priority?: string;
	metadata?: Record<string, unknown>;
	safe_update?: boolean;
	updated_stamp?: string;
}

/** Of the user that the product is at the helpdesk. */
export const botId = 7;

export function createTicket({ id, requesterId, subject, commentId, text, writtenAt }: BenchTicket): SinkTicket {
	const updatedAt = isoSeconds(writtenAt);
	const comment = { id: commentId, author_id: requesterId, public: true, body: text, created_at: updatedAt };
	return {
		...{ id, requesterId, subject, updatedAt },
		...{ firstAtMs: 0, replies: 0, notes: 0, handOvers: 0 },
		tags: new Set(),
		comments: [JSON.stringify({ ...comment, plain_body: text, metadata: { custom: {} } })],
		audits: [],
	};
}

/** Does what a PUT asks for. @returns the audit of it, as JSON. */
export function changeTicket(ticket: SinkTicket, { comment, additional_tags, metadata = {} }: TicketChange): string {
	ticket.updatedAt = isoSeconds();
	for (const tag of additional_tags ?? []) ticket.tags.add(tag);
	const commentId = ++lastId;
	const shared = { metadata: { custom: metadata } };
	const events = comment ? [{ id: commentId, type: 'Comment' }] : [];
	const audit = JSON.stringify({ id: ++lastId, events, ...shared });
	ticket.audits.push(audit);
	if (comment) {
		const { author_id = botId, body } = comment;
		const created = { id: commentId, author_id, public: comment.public, body, created_at: ticket.updatedAt };
		ticket.comments.push(JSON.stringify({ ...created, ...shared }));
	}
	return audit;
}

export function ticketJson({ id, subject, requesterId, updatedAt, tags }: SinkTicket): string {
	return JSON.stringify({
		...{ id, subject, status: 'open', priority: 'normal', tags: [...tags] },
		...{ requester_id: requesterId, submitter_id: requesterId, organization_id: null, updated_at: updatedAt },
	});
}

let lastId = 1_000_000_000;

/** Zendesk's stamps know whole seconds only: two changes within one have the same. */
const isoSeconds = (iso = new Date().toISOString()) => `${iso.slice(0, 19)}Z`;
