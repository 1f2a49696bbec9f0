import type { Route } from './api.ts';
import { badRequest } from './api-error.ts';
import type { Desk } from './desk.ts';
import { presentTicket } from './ticket-routes.ts';

export interface ExportOptions {
	/** Zendesk leaves the last minute out, as it is still being written. Off by default, for tests that cannot wait. */
	excludeLastMinute?: boolean;
	/** How many records of the page before each page repeats; Zendesk promises at least once, not exactly once. */
	repeatedRecords?: number;
}

/**
 * `GET /incremental/tickets/cursor`: `start_time` once, then `cursor` until `end_of_stream`. A ticket stands at its last
 * change, so one that changes between two pages comes again.
 */
export function routeIncrementalExport(route: Route, desk: Desk, options: ExportOptions): void {
	const path = '/incremental/tickets/cursor';
	const answer = (url: URL) => {
		const from = startOf(url);
		const perPage = Math.min(Math.max(Number(url.searchParams.get('per_page')) || 1000, 1), 1000);
		const newest = Math.floor(desk.now().getTime() / 1000) - (options.excludeLastMinute === true ? 60 : 0);
		const settled = Object.values(desk.state().tickets)
			.filter(ticket => ticket.generated_timestamp <= newest)
			.sort((a, b) => a.revision - b.revision);
		const fresh = settled.filter(ticket =>
			'revision' in from ? ticket.revision > from.revision : ticket.generated_timestamp >= from.seconds,
		);
		const page = fresh.slice(0, perPage);
		const repeats = 'revision' in from ? settled.filter(ticket => ticket.revision <= from.revision) : [];
		const repeated =
			options.repeatedRecords === undefined ? [] : repeats.slice(-options.repeatedRecords || repeats.length);
		const cursor = cursorOf(
			page.at(-1)?.revision ?? ('revision' in from ? from.revision : revisionBefore(settled, from.seconds)),
		);
		return {
			tickets: [...repeated, ...page].map(ticket => presentTicket(desk.state(), ticket, desk.baseUrl())),
			after_cursor: cursor,
			after_url: `${desk.baseUrl()}/api/v2${path}.json?cursor=${cursor}`,
			before_cursor: null,
			before_url: null,
			end_of_stream: page.length === fresh.length,
		};
	};
	route('GET', path, call => answer(call.url), { adminOnly: true, isExport: true });
}

function startOf(url: URL): { revision: number } | { seconds: number } {
	const cursor = url.searchParams.get('cursor');
	if (cursor !== null) {
		const revision = /^(\d+)\|$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
		if (revision === undefined) throw badRequest('cursor is not valid');
		return { revision: Number(revision) };
	}
	const start = url.searchParams.get('start_time') ?? '';
	if (!/^\d+$/.test(start)) throw badRequest('start_time or cursor must be present');
	return { seconds: Number(start) };
}

function cursorOf(revision: number): string {
	return Buffer.from(`${revision}|`).toString('base64url');
}

/** Where a stream that found nothing yet stands: after the last change before its start. */
function revisionBefore(tickets: { revision: number; generated_timestamp: number }[], seconds: number): number {
	return tickets.findLast(ticket => ticket.generated_timestamp < seconds)?.revision ?? 0;
}
