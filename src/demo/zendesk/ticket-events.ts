import { randomBytes, randomUUID } from 'node:crypto';
import { isStaff, type TicketActivity } from './desk.ts';
import type { AuditEvent, Ticket, User, ZendeskState } from './state.ts';

/** An event as an event subscription delivers it. Ids are strings, enums upper case. */
export interface TicketEvent {
	account_id: number;
	id: string;
	/** `zen:event-type:ticket.…` */
	type: string;
	subject: string;
	time: string;
	zendesk_event_version: '2022-11-06';
	detail: Record<string, unknown>;
	event: Record<string, unknown>;
}

export const accountId = 22_129_848;

/** The events one update of a ticket makes; they share `event.meta.sequence.id`. */
export function ticketEvents(state: ZendeskState, activity: TicketActivity, now: Date): TicketEvent[] {
	const { ticket, audit, actor, kind } = activity;
	const created = kind === 'create' ? [{ name: 'created', event: {} }] : [];
	const changes = [...created, ...audit.events.flatMap(event => eventOf(state, event))];
	const sequence = randomBytes(16).toString('hex').toUpperCase();
	return changes.map(({ name, event }, index) => ({
		account_id: accountId,
		detail: detailOf(ticket, actor),
		event: { ...event, meta: { sequence: { id: sequence, position: index + 1, total: changes.length } } },
		id: randomUUID(),
		subject: `zen:ticket:${ticket.id}`,
		time: now.toISOString().replace('Z', '000000Z'),
		type: `zen:event-type:ticket.${name}`,
		zendesk_event_version: '2022-11-06',
	}));
}

function eventOf(state: ZendeskState, event: AuditEvent): { name: string; event: Record<string, unknown> }[] {
	if (event.type === 'Comment') {
		const author = state.users[event.author_id];
		const comment = {
			id: String(event.id),
			body: event.body,
			is_public: event.public,
			author: {
				id: String(event.author_id),
				is_staff: author !== undefined && isStaff(author),
				name: author?.name ?? '',
			},
		};
		return [{ name: 'comment_added', event: { comment } }];
	}
	if (event.type === 'Create') return [];
	const { field_name: field, value, previous_value: previous } = event;
	if (field === 'status')
		return [{ name: 'status_changed', event: { current: upper(value), previous: upper(previous) } }];
	if (field === 'priority') {
		return [{ name: 'priority_changed', event: { current: upper(value), previous: upper(previous) } }];
	}
	if (field === 'tags') return [{ name: 'tags_changed', event: tagDifference(previous, value) }];
	const custom = state.ticketFields[field];
	if (custom === undefined) return [];
	const described = { id: field, title: custom.title, type: custom.type, is_custom: true };
	return [{ name: 'custom_field_changed', event: { current: value, previous, field: described } }];
}

function tagDifference(previous: unknown, current: unknown): Record<string, unknown> {
	const [before, after] = [previous, current].map(tags => (Array.isArray(tags) ? tags.map(String) : []));
	return {
		tags_added: after?.filter(tag => !before?.includes(tag)) ?? [],
		tags_removed: before?.filter(tag => !after?.includes(tag)) ?? [],
	};
}

function detailOf(ticket: Ticket, actor: User): Record<string, unknown> {
	return {
		actor_id: String(actor.id),
		assignee_id: idText(ticket.assignee_id),
		brand_id: String(ticket.brand_id),
		created_at: ticket.created_at,
		custom_status: null,
		description: ticket.description,
		external_id: ticket.external_id,
		form_id: null,
		group_id: idText(ticket.group_id),
		id: String(ticket.id),
		is_public: ticket.is_public,
		organization_id: idText(ticket.organization_id),
		priority: upper(ticket.priority),
		requester_id: String(ticket.requester_id),
		status: upper(ticket.status),
		subject: ticket.subject,
		submitter_id: String(ticket.submitter_id),
		tags: ticket.tags,
		type: upper(ticket.type),
		updated_at: ticket.updated_at,
		via: { channel: ticket.via.channel },
	};
}

function idText(id: number | null): string | null {
	return id === null ? null : String(id);
}

function upper(value: unknown): string | null {
	return typeof value === 'string' ? value.toUpperCase() : null;
}
