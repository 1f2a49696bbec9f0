import { createGroup, createTicketField } from './account-routes.ts';
import { addComment, checkComment } from './comments.ts';
import { type Desk, isoSeconds } from './desk.ts';
import { createMacro } from './macros.ts';
import type { MacroInput, TicketFieldInput, UserInput } from './schema.ts';
import type { Ticket, TicketStatus } from './state.ts';
import { createTicket, findTicket } from './tickets.ts';
import { createOrganization, createUser, findUser } from './users.ts';

export type SeedUser = UserInput & { id?: number; name: string };
export type SeedMacro = Omit<MacroInput, 'active'> & { id?: number; active?: boolean };
export type SeedTicketField = Partial<TicketFieldInput> & { id?: number; title: string };

/** A ticket of the past, for a knowledge harvest to find. */
export interface SeedTicket {
	requesterId: number;
	subject: string;
	/** Oldest first; the first is the question. */
	comments: { authorId: number; body: string; public?: boolean }[];
	status?: Exclude<TicketStatus, 'deleted'>;
	tags?: string[];
	/** When all of it happened; now by default. */
	at?: Date;
}

/** Who and what is there from the start. */
export interface Seed {
	organizations?: { id?: number; name: string; external_id?: string }[];
	users?: SeedUser[];
	groups?: { id?: number; name: string }[];
	ticketFields?: SeedTicketField[];
	macros?: SeedMacro[];
	tickets?: SeedTicket[];
}

/** Fills the helpdesk; no webhook hears of it. */
export function plant(desk: Desk, seed: Seed): void {
	for (const organization of seed.organizations ?? []) createOrganization(desk, organization);
	for (const user of seed.users ?? []) createUser(desk, user);
	for (const group of seed.groups ?? []) createGroup(desk, group);
	for (const field of seed.ticketFields ?? []) createTicketField(desk, field);
	for (const macro of seed.macros ?? []) createMacro(desk, macro);
	for (const ticket of seed.tickets ?? []) plantTicket(desk, ticket);
}

/** Adds a ticket as it ended up, without telling any webhook. */
export function plantTicket(desk: Desk, seed: SeedTicket): Ticket {
	const at = seed.at ?? desk.now();
	const past: Desk = { ...desk, now: () => at, announce: () => undefined };
	const state = desk.state();
	const requester = findUser(state, seed.requesterId);
	const [first, ...rest] = seed.comments;
	const input = {
		requester_id: seed.requesterId,
		subject: seed.subject,
		tags: seed.tags ?? [],
		comment: { body: first?.body ?? seed.subject, author_id: first?.authorId ?? seed.requesterId },
	};
	const { ticket, audit } = createTicket(past, requester, input, 'email');
	for (const comment of rest) {
		const author = findUser(state, comment.authorId);
		const defaults = { author, isPublic: comment.public ?? true, commentCount: 0 };
		audit.events.push(addComment(state, ticket, audit, checkComment(state, { body: comment.body }, defaults)));
	}
	ticket.status = seed.status ?? ticket.status;
	ticket.updated_at = isoSeconds(at);
	return findTicket(state, ticket.id);
}
