import { recordInvalid } from './api-error.ts';
import { isStaff, takeId } from './desk.ts';
import type { TicketChange } from './schema.ts';
import type { AuditEvent, FieldValue, Ticket, ZendeskState } from './state.ts';

/** The attributes of a ticket an update can set as they are. */
const plainFields = ['subject', 'type', 'priority', 'status', 'assignee_id', 'group_id', 'external_id'] as const;

/** Refuses what an update must not point at, before anything changes. */
export function checkReferences(state: ZendeskState, change: TicketChange): void {
	if (change.assignee_id != null) {
		const assignee = state.users[change.assignee_id];
		if (assignee === undefined || !isStaff(assignee)) {
			throw recordInvalid('assignee', 'InvalidValue', 'Assignee: is not an agent');
		}
	}
	if (change.group_id != null && state.groups[change.group_id] === undefined) {
		throw recordInvalid('group', 'InvalidValue', 'Group: does not exist');
	}
}

/** Applies attributes, tags and custom fields to the ticket; returns a Change event for each that really changed. */
export function applyFields(state: ZendeskState, ticket: Ticket, change: TicketChange): AuditEvent[] {
	const events: AuditEvent[] = [];
	const record = (field: string, previous: FieldValue, value: FieldValue) => {
		events.push({ id: takeId(state), type: 'Change', field_name: field, value, previous_value: previous });
	};
	for (const field of plainFields) {
		const value = change[field];
		if (value === undefined || value === ticket[field]) continue;
		record(field, ticket[field], value);
		Object.assign(ticket, { [field]: value });
	}
	const tags = nextTags(ticket.tags, change);
	if (tags.join(' ') !== ticket.tags.join(' ')) {
		record('tags', ticket.tags, tags);
		ticket.tags = tags;
	}
	for (const { id, value } of change.custom_fields ?? []) {
		// Zendesk ignores the id of a field it does not have, without a word.
		if (state.ticketFields[id] === undefined) continue;
		const previous = ticket.custom_fields.find(field => field.id === id)?.value ?? null;
		if (JSON.stringify(previous) === JSON.stringify(value)) continue;
		record(String(id), previous, value);
		ticket.custom_fields = [...ticket.custom_fields.filter(field => field.id !== id), { id, value }];
	}
	return events;
}

/** `tags` replaces the whole set, `additional_tags` and `remove_tags` change it. Stored in lower case, sorted, once each. */
function nextTags(current: string[], change: TicketChange): string[] {
	const removed = new Set(normalizeTags(change.remove_tags ?? []));
	const wanted = [...normalizeTags(change.tags ?? current), ...normalizeTags(change.additional_tags ?? [])];
	return [...new Set(wanted)].filter(tag => !removed.has(tag)).sort();
}

/** Lower case, no spaces, once each, sorted. */
export function normalizeTags(tags: string[]): string[] {
	const words = tags.flatMap(tag => tag.toLowerCase().trim().split(/\s+/));
	return [...new Set(words.filter(word => word !== ''))].sort();
}
