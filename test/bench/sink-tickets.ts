import {
	botId,
	changeTicket,
	createTicket,
	type SinkTicket,
	type TicketChange,
	type TicketEffects,
	ticketJson,
} from './sink-ticket.ts';
import type { BenchTicket } from './tickets.ts';

export interface SinkProgress {
	tickets: number;
	/** Tickets about which something was done. */
	handled: number;
	effects: number;
	conflicts: number;
}

type Answer = [status: number, json: string];

/** The tickets of the sink. Every answer is JSON text, put together from parts that were serialised once. */
export function createSinkTickets() {
	const tickets = new Map<number, SinkTicket>();
	const users = new Map<number, string>();
	let effects = 0;
	let handled = 0;
	let conflicts = 0;

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
				tickets.set(ticket.id, createTicket(ticket));
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
				const { ticket: change } = JSON.parse(body) as { ticket: TicketChange };
				if (change.safe_update && change.updated_stamp !== ticket.updatedAt) {
					conflicts++;
					return [409, '{"error":"UpdateConflict","description":"Safe Update prevented the update"}'];
				}
				const audit = changeTicket(ticket, change);
				// A priority is set by a hand-over alone.
				const kind = change.comment?.public ? 'replies' : change.priority ? 'handOvers' : 'notes';
				if (change.comment) note(ticket, kind);
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

const bot = JSON.stringify({ id: botId, name: 'Understudy', role: 'agent', organization_id: null });
