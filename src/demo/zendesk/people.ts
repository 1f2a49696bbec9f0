import { type Desk, isStaff } from './desk.ts';
import { findMacro, macroChange } from './macros.ts';
import type { TicketChange, TicketInput } from './schema.ts';
import type { Comment, FieldValue, Ticket, TicketStatus } from './state.ts';
import { createTicket, findTicket, updateTicket } from './tickets.ts';
import { findUser } from './users.ts';

/** What a person fills in. */
interface NewTicket extends Pick<TicketInput, 'priority' | 'group_id' | 'external_id' | 'custom_fields'> {
	subject?: string;
	body: string;
	tags?: string[];
	/** `email` for a customer, `web` for an agent by default. */
	channel?: string;
}

/**
 * A customer or an agent at work: the same changes as over the API, with the same webhooks, without a token and outside
 * rate limits and faults. Throws `ApiError` where Zendesk would refuse.
 */
export interface Person {
	createTicket(ticket: NewTicket): Ticket;
	/** A public comment of Markdown text. */
	comment(ticketId: number, body: string): Comment;
	/** An internal note, of agents only. */
	note(ticketId: number, body: string): Comment;
	/** Picks a macro by title or id and submits what it changes. */
	applyMacro(ticketId: number, macro: string | number): Ticket;
	setStatus(ticketId: number, status: Exclude<TicketStatus, 'deleted'>): Ticket;
	addTags(ticketId: number, ...tags: string[]): Ticket;
	removeTags(ticketId: number, ...tags: string[]): Ticket;
	assign(ticketId: number, assigneeId: number | null): Ticket;
	setField(ticketId: number, fieldId: number, value: FieldValue): Ticket;
	/** Anything a ticket update can do. */
	update(ticketId: number, change: TicketChange): Ticket;
}

/** A person by user id; that the user exists is checked with each action. */
export function createPerson(desk: Desk, userId: number): Person {
	const actor = () => findUser(desk.state(), userId);
	const channel = () => (isStaff(actor()) ? 'web' : 'email');
	const update = (ticketId: number, change: TicketChange) =>
		updateTicket(desk, actor(), ticketId, change, channel()).ticket;
	const say = (ticketId: number, body: string, isPublic: boolean) => {
		update(ticketId, { comment: { body, public: isPublic } });
		const comment = desk.state().comments[ticketId]?.at(-1);
		if (comment === undefined) throw new Error(`ticket ${ticketId} has no comment after adding one`);
		return comment;
	};
	return {
		createTicket({ body, channel: via, subject, ...ticket }) {
			const input = { ...ticket, subject, comment: { body }, requester_id: userId };
			return createTicket(desk, actor(), input, via ?? channel()).ticket;
		},
		comment: (ticketId, body) => say(ticketId, body, true),
		note: (ticketId, body) => say(ticketId, body, false),
		applyMacro(ticketId, macro) {
			const state = desk.state();
			return update(ticketId, macroChange(findMacro(state, macro), findTicket(state, ticketId)));
		},
		setStatus: (ticketId, status) => update(ticketId, { status }),
		addTags: (ticketId, ...tags) => update(ticketId, { additional_tags: tags }),
		removeTags: (ticketId, ...tags) => update(ticketId, { remove_tags: tags }),
		assign: (ticketId, assigneeId) => update(ticketId, { assignee_id: assigneeId }),
		setField: (ticketId, fieldId, value) => update(ticketId, { custom_fields: [{ id: fieldId, value }] }),
		update,
	};
}
