import { closedTicket, recordNotFound, updateConflict } from './api-error.ts';
import { addComment, type CheckedComment, checkComment } from './comments.ts';
import { type Desk, isoSeconds, isStaff, nextStamp, takeId } from './desk.ts';
import type { TicketChange, TicketInput } from './schema.ts';
import type { Audit, AuditEvent, Ticket, TicketStatus, User, Via, ZendeskState } from './state.ts';
import { applyFields, checkReferences, normalizeTags } from './ticket-fields.ts';
import { createOrUpdateUser, findUser, findUserByEmail } from './users.ts';

const brandId = 8_447_346_621_310;

/**
 * Creates a ticket with its first comment. The requester is the submitter unless the request says otherwise, and the
 * submitter is the first comment's author.
 */
export function createTicket(desk: Desk, actor: User, input: TicketInput, channel: string): TicketUpdate {
	const state = desk.state();
	checkReferences(state, input);
	const requester = requesterOf(desk, actor, input);
	const submitter = input.submitter_id === undefined ? requester : findUser(state, input.submitter_id);
	const comment = checkComment(state, input.comment ?? { body: input.description ?? '' }, {
		author: submitter,
		isPublic: true,
		commentCount: 0,
	});
	const at = isoSeconds(desk.now());
	const ticket: Ticket = {
		id: state.nextTicketId++,
		external_id: input.external_id ?? null,
		created_at: at,
		updated_at: at,
		generated_timestamp: 0,
		revision: 0,
		type: input.type ?? null,
		subject: input.subject ?? comment.text.plain_body.slice(0, 80),
		description: comment.text.plain_body,
		priority: input.priority ?? null,
		status: input.status ?? (input.assignee_id == null ? 'new' : 'open'),
		requester_id: requester.id,
		submitter_id: submitter.id,
		assignee_id: input.assignee_id ?? null,
		organization_id: input.organization_id ?? requester.organization_id,
		group_id: input.group_id ?? Object.values(state.groups).find(group => group.default)?.id ?? null,
		brand_id: brandId,
		is_public: comment.isPublic,
		tags: normalizeTags(input.tags ?? []),
		custom_fields: (input.custom_fields ?? []).filter(field => state.ticketFields[field.id] !== undefined),
		via: viaOf(input.via?.channel ?? channel),
	};
	state.tickets[ticket.id] = ticket;
	const audit = openAudit(desk, ticket, actor, input.metadata, ticket.via);
	const fields = { subject: ticket.subject, status: ticket.status, priority: ticket.priority, tags: ticket.tags };
	const created = Object.entries(fields).map(
		([field_name, value]): AuditEvent => ({ id: takeId(state), type: 'Create', field_name, value }),
	);
	audit.events = [addComment(state, ticket, audit, comment), ...created];
	return settle(desk, 'create', ticket, audit, actor);
}

/**
 * Updates a ticket. Throws 422 for a closed ticket and 409 where `safe_update` finds a newer state. A change of
 * nothing leaves no audit and no new `updated_at`.
 */
export function updateTicket(
	desk: Desk,
	actor: User,
	ticketId: number,
	change: TicketChange,
	channel: string,
): { ticket: Ticket; audit: Audit | null } {
	const state = desk.state();
	const ticket = findTicket(state, ticketId);
	if (ticket.status === 'closed') throw closedTicket();
	if (change.safe_update === true && isOutdated(ticket, change.updated_stamp)) throw updateConflict();
	checkReferences(state, change);
	const comment =
		change.comment &&
		checkComment(state, change.comment, {
			author: actor,
			isPublic: ticket.is_public,
			commentCount: state.comments[ticketId]?.length ?? 0,
		});
	const stamp = nextStamp(desk, ticket.updated_at);
	const changes = applyFields(state, ticket, { ...change, status: nextStatus(ticket, change, comment) });
	if (comment === undefined && changes.length === 0) return { ticket, audit: null };
	ticket.updated_at = stamp;
	const audit = openAudit(desk, ticket, actor, change.metadata, viaOf(channel));
	audit.events = [...(comment === undefined ? [] : [addComment(state, ticket, audit, comment)]), ...changes];
	if (comment?.isPublic === true) ticket.is_public = true;
	return settle(desk, 'update', ticket, audit, actor);
}

/** Soft deletion: gone from everything but the incremental export, which says `deleted`. */
export function deleteTicket(desk: Desk, ticketId: number): void {
	const ticket = findTicket(desk.state(), ticketId);
	ticket.updated_at = nextStamp(desk, ticket.updated_at);
	ticket.status = 'deleted';
	touch(desk, ticket);
}

/** Throws 404 where there is none, or none any more. */
export function findTicket(state: ZendeskState, id: number): Ticket {
	const ticket = state.tickets[id];
	if (ticket === undefined || ticket.status === 'deleted') throw recordNotFound();
	return ticket;
}

/** A ticket after an update, and the audit that says what the update did. */
export interface TicketUpdate {
	ticket: Ticket;
	audit: Audit;
}

function requesterOf(desk: Desk, actor: User, input: TicketInput): User {
	if (input.requester_id !== undefined) return findUser(desk.state(), input.requester_id);
	if (input.requester === undefined) return actor;
	const known = input.requester.email && findUserByEmail(desk.state(), input.requester.email);
	return known || createOrUpdateUser(desk, input.requester).user;
}

function isOutdated(ticket: Ticket, stamp: string | undefined): boolean {
	const seen = Date.parse(stamp ?? '');
	return Number.isNaN(seen) || seen < Date.parse(ticket.updated_at);
}

/** A customer's public reply reopens; giving a new ticket to somebody opens it. A closed ticket never comes here. */
function nextStatus(ticket: Ticket, change: TicketChange, comment: CheckedComment | undefined): TicketChange['status'] {
	const waiting: TicketStatus[] = ['pending', 'hold', 'solved'];
	if (change.status !== undefined) return change.status;
	if (comment !== undefined && !isStaff(comment.author) && waiting.includes(ticket.status)) return 'open';
	return ticket.status === 'new' && change.assignee_id != null ? 'open' : undefined;
}

function openAudit(
	desk: Desk,
	ticket: Ticket,
	actor: User,
	metadata: Record<string, unknown> | undefined,
	via: Via,
): Audit {
	const state = desk.state();
	const audit: Audit = {
		id: takeId(state),
		ticket_id: ticket.id,
		created_at: isoSeconds(desk.now()),
		author_id: actor.id,
		metadata: { system: { client: 'sandbox' }, custom: metadata ?? {} },
		via,
		events: [],
	};
	state.audits[ticket.id] = [...(state.audits[ticket.id] ?? []), audit];
	return audit;
}

function settle(desk: Desk, kind: 'create' | 'update', ticket: Ticket, audit: Audit, actor: User): TicketUpdate {
	touch(desk, ticket);
	desk.announce({ kind, ticket, audit, actor });
	return { ticket, audit };
}

function touch(desk: Desk, ticket: Ticket): void {
	ticket.revision = ++desk.state().revision;
	ticket.generated_timestamp = Math.floor(desk.now().getTime() / 1000);
}

function viaOf(channel: string): Via {
	return { channel, source: { from: {}, to: {}, rel: null } };
}
