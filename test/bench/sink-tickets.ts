import type { BenchTicket } from './tickets.ts';

/** What was done about one ticket, as the helpdesk saw it. */
export interface TicketEffects {
	id: number;
	/** Milliseconds since the epoch, with fractions. */
	firstAtMs: number;
	replies: number;
	notes: number;
	handOvers: number;
}

export interface SinkProgress {
	tickets: number;
	/** Tickets about which something was done. */
	handled: number;
	effects: number;
	conflicts: number;
}

type Answer = [status: number, json: string];

/** Of the user that the product is at the helpdesk. */
export const botId = 7;

/** The tickets of the sink. Every answer is JSON text, put together from parts that were serialised once. */
export function createSinkTickets() {
	const tickets = new Map<number, SinkTicket>();
	const users = new Map<number, string>();
	let effects = 0;
	let handled = 0;
	let conflicts = 0;
	let lastId = 1_000_000_000;

	const note = (ticket: SinkTicket, kind: 'replies' | 'notes' | 'handOvers') => {
		effects++;
		ticket[kind]++;
		if (ticket.firstAtMs > 0) return;
		handled++;
		ticket.firstAtMs = performance.timeOrigin + performance.now();
	};
	const withTicket = (id: number, use: (ticket: SinkTicket) => Answer): Answer => {
		const ticket = tickets.get(id);
		return ticket ? use(ticket) : [404, '{"error":"RecordNotFound"}'];
	};
	const usersOf = (ticket: SinkTicket) => `[${users.get(ticket.requesterId)},${bot}]`;

	return {
		/** What the load generator tells before it writes: forgets all tickets and takes these. */
		create(body: string): Answer {
			const created = JSON.parse(body) as { forget: boolean; tickets: BenchTicket[] };
			if (created.forget) {
				for (const map of [tickets, users]) map.clear();
				effects = handled = conflicts = 0;
			}
			for (const ticket of created.tickets) {
				tickets.set(ticket.id, sinkTicket(ticket));
				const { requesterId: id, name, email, locale } = ticket;
				users.set(id, JSON.stringify({ id, name, email, locale, role: 'end-user', organization_id: null }));
			}
			return [200, '{}'];
		},
		/** The skeleton's one call. */
		effect: (body: string) =>
			withTicket((JSON.parse(body) as { ticket: number }).ticket, ticket => {
				note(ticket, 'replies');
				return [200, '{"id":1}'];
			}),
		show: (id: number, query: string) =>
			withTicket(id, ticket => {
				const sideload = query.includes('include=users') ? `,"users":${usersOf(ticket)}` : '';
				return [200, `{"ticket":${ticketJson(ticket)}${sideload}}`];
			}),
		comments: (id: number, query: string) =>
			withTicket(id, ticket => {
				const comments = query.includes('sort=-') ? ticket.comments.toReversed() : ticket.comments;
				return [200, `{"comments":[${comments}],"users":${usersOf(ticket)},"meta":{"has_more":false},"links":{}}`];
			}),
		audits: (id: number) =>
			withTicket(id, ({ audits }) => [200, `{"audits":[${audits.toReversed()}],"meta":{"has_more":false},"links":{}}`]),
		user: (id: number): Answer => {
			const user = users.get(id);
			return user ? [200, `{"user":${user}}`] : [404, '{"error":"RecordNotFound"}'];
		},
		update: (id: number, body: string) =>
			withTicket(id, ticket => {
				const { ticket: change } = JSON.parse(body) as { ticket: TicketUpdate };
				if (change.safe_update && change.updated_stamp !== ticket.updatedAt) {
					conflicts++;
					return [409, '{"error":"UpdateConflict","description":"Safe Update prevented the update"}'];
				}
				ticket.updatedAt = isoSeconds();
				for (const tag of change.additional_tags ?? []) ticket.tags.add(tag);
				const { comment } = change;
				const custom = change.metadata ?? {};
				const commentId = ++lastId;
				const audit = `{"id":${++lastId},"events":[{"id":${commentId},"type":"Comment"}],"metadata":${JSON.stringify({ custom })}}`;
				ticket.audits.push(audit);
				if (comment) {
					ticket.comments.push(
						JSON.stringify({
							id: commentId,
							author_id: comment.author_id ?? botId,
							public: comment.public,
							body: comment.body,
							created_at: ticket.updatedAt,
							metadata: { custom },
						}),
					);
					const isHandOver = change.priority !== undefined;
					note(ticket, comment.public ? 'replies' : isHandOver ? 'handOvers' : 'notes');
				}
				return [200, `{"ticket":${ticketJson(ticket)},"audit":${audit}}`];
			}),
		progress: (): SinkProgress => ({ tickets: tickets.size, handled, effects, conflicts }),
		effects: (): TicketEffects[] =>
			[...tickets.values()].map(({ id, firstAtMs, replies, notes, handOvers }) => ({
				id,
				firstAtMs,
				replies,
				notes,
				handOvers,
			})),
	};
}

interface TicketUpdate {
	comment?: { body: string; public: boolean; author_id?: number };
	additional_tags?: string[];
	priority?: string;
	metadata?: Record<string, unknown>;
	safe_update?: boolean;
	updated_stamp?: string;
}

interface SinkTicket extends TicketEffects {
	requesterId: number;
	subject: string;
	updatedAt: string;
	tags: Set<string>;
	/** JSON, oldest first. */
	comments: string[];
	audits: string[];
}

function sinkTicket({ id, requesterId, subject, commentId, text }: BenchTicket): SinkTicket {
	const updatedAt = isoSeconds();
	const comment = { id: commentId, author_id: requesterId, public: true, body: text, created_at: updatedAt };
	return {
		...{ id, requesterId, subject, updatedAt },
		...{ firstAtMs: 0, replies: 0, notes: 0, handOvers: 0 },
		tags: new Set(),
		comments: [JSON.stringify({ ...comment, plain_body: text, metadata: { custom: {} } })],
		audits: [],
	};
}

function ticketJson({ id, subject, requesterId, updatedAt, tags }: SinkTicket): string {
	return JSON.stringify({
		...{ id, subject, status: 'open', priority: 'normal', tags: [...tags] },
		...{ requester_id: requesterId, submitter_id: requesterId, organization_id: null, updated_at: updatedAt },
	});
}

/** Zendesk's stamps know whole seconds only: two changes within one have the same. */
const isoSeconds = () => `${new Date().toISOString().slice(0, 19)}Z`;

const bot = JSON.stringify({ id: botId, name: 'Understudy', role: 'agent', organization_id: null });
