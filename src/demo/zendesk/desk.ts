import type { Audit, Ticket, User, ZendeskState } from './state.ts';

/** What every part of the sandbox works on: the state, the clock, and who is told about changes. */
export interface Desk {
	/** The state of the moment: restoring a snapshot puts another object in its place. */
	state(): ZendeskState;
	now(): Date;
	/** Where the sandbox listens, without a slash at the end. */
	baseUrl(): string;
	/** Told after every change of a ticket, in order; must not block. */
	announce(change: TicketActivity): void;
}

/** One update of a ticket, as webhooks and triggers see it. */
export interface TicketActivity {
	kind: 'create' | 'update';
	ticket: Ticket;
	audit: Audit;
	/** Who made the request. With `author_id` set this is still the API's user, not the comment's author. */
	actor: User;
}

/** The next id of the account. */
export function takeId(state: ZendeskState): number {
	return state.nextId++;
}

/** ISO 8601 in whole seconds, as Zendesk writes every time. */
export function isoSeconds(date: Date): string {
	return `${date.toISOString().slice(0, 19)}Z`;
}

/**
 * The next `updated_at` of a ticket: now, or a second after the last one where a second has not passed. Zendesk
 * compares `updated_stamp` by the second; a unique stamp keeps two quick updates from hiding a conflict.
 */
export function nextStamp(previous: string, now: Date): string {
	const earliest = Date.parse(previous) + 1000;
	return isoSeconds(new Date(Math.max(earliest, now.getTime())));
}

/** Whether a person works here, as `is_staff` of a webhook says. */
export function isStaff(user: User): boolean {
	return user.role !== 'end-user';
}
