import type { Audit, Ticket, User, ZendeskState } from './state.ts';

/** What every part of the sandbox works on: the state, the clock, and who is told about changes. */
export interface Desk {
	/** The state of the moment: restoring a snapshot puts another object in its place. */
	state(): ZendeskState;
	now(): Date;
	/** Whether no two versions of a ticket bear the same `updated_at`. */
	hasUniqueStamps: boolean;
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
 * The next `updated_at` of a ticket. In whole seconds, as Zendesk's are: two updates within one second bear the same stamp, and
 * `safe_update` cannot tell them apart.
 */
export function nextStamp(desk: Pick<Desk, 'now' | 'hasUniqueStamps'>, previous: string): string {
	const now = desk.now().getTime();
	const earliest = desk.hasUniqueStamps ? Date.parse(previous) + 1000 : 0;
	return isoSeconds(new Date(Math.max(earliest, now)));
}

/** Whether a person works here, as `is_staff` of a webhook says. */
export function isStaff(user: User): boolean {
	return user.role !== 'end-user';
}
