import type { TicketActivity } from './desk.ts';
import type { Comment, ZendeskState } from './state.ts';

/**
 * Fills `{{ticket.id}}` and the like in a trigger's JSON template. A value inside a JSON string is escaped as JSON;
 * an unknown placeholder becomes nothing, as at Zendesk.
 */
export function fillPlaceholders(
	state: ZendeskState,
	activity: TicketActivity,
	template: string,
	baseUrl: string,
): string {
	const values = placeholderValues(state, activity, baseUrl);
	return template.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (_, name: string) =>
		JSON.stringify(String(values[name] ?? '')).slice(1, -1),
	);
}

function placeholderValues(
	state: ZendeskState,
	{ ticket, actor }: TicketActivity,
	baseUrl: string,
): Record<string, string | number | null> {
	const comments = state.comments[ticket.id] ?? [];
	const latest = comments.at(-1);
	const latestPublic = comments.findLast(comment => comment.public);
	const requester = state.users[ticket.requester_id];
	const assignee = ticket.assignee_id === null ? undefined : state.users[ticket.assignee_id];
	return {
		'ticket.id': ticket.id,
		'ticket.title': ticket.subject,
		'ticket.description': ticket.description,
		'ticket.status': ticket.status,
		'ticket.priority': ticket.priority,
		'ticket.tags': ticket.tags.join(' '),
		'ticket.external_id': ticket.external_id,
		'ticket.via': ticket.via.channel,
		'ticket.created_at': ticket.created_at,
		'ticket.updated_at': ticket.updated_at,
		'ticket.created_at_with_timestamp': ticket.created_at,
		'ticket.updated_at_with_timestamp': ticket.updated_at,
		'ticket.url': `${baseUrl}/agent/tickets/${ticket.id}`,
		'ticket.link': `${baseUrl}/agent/tickets/${ticket.id}`,
		'ticket.group.id': ticket.group_id,
		'ticket.assignee.id': assignee?.id ?? null,
		'ticket.assignee.name': assignee?.name ?? null,
		'ticket.organization.id': ticket.organization_id,
		'ticket.requester.id': ticket.requester_id,
		'ticket.requester.name': requester?.name ?? null,
		'ticket.requester.email': requester?.email ?? null,
		'ticket.requester.locale': requester?.locale ?? null,
		...commentValues(state, 'ticket.latest_comment', latest),
		...commentValues(state, 'ticket.latest_public_comment', latestPublic),
		'current_user.id': actor.id,
		'current_user.name': actor.name,
		'current_user.email': actor.email,
	};
}

function commentValues(
	state: ZendeskState,
	name: string,
	comment: Comment | undefined,
): Record<string, string | number> {
	if (comment === undefined) return {};
	return {
		[name]: comment.plain_body,
		[`${name}.id`]: comment.id,
		[`${name}.value`]: comment.plain_body,
		[`${name}.is_public`]: String(comment.public),
		[`${name}.created_at`]: comment.created_at,
		[`${name}.author.id`]: comment.author_id,
		[`${name}.author.name`]: state.users[comment.author_id]?.name ?? '',
	};
}
