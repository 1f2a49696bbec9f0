import type { ApiCall, Route } from './api.ts';
import type { Desk } from './desk.ts';
import { createOnce } from './idempotency.ts';
import { paginate, sortItems } from './pagination.ts';
import { TagsInput, TicketChange, TicketInput } from './schema.ts';
import type { Ticket, User, ZendeskState } from './state.ts';
import { createTicket, deleteTicket, findTicket, updateTicket } from './tickets.ts';
import { presentUser } from './users.ts';

const channel = 'api';

/** Tickets with their comments, audits and tags. */
export function routeTickets(route: Route, desk: Desk): void {
	const present = (ticket: Ticket) => presentTicket(desk.state(), ticket, desk.baseUrl());
	const usersOf = (ids: (number | null)[]) => sideLoadUsers(desk, ids);

	route('POST', '/tickets', async call => {
		const input = await call.body(TicketInput, 'ticket');
		const { ticket, audit, lookup } = createOnce(desk, call.header('idempotency-key'), input, () =>
			createTicket(desk, call.actor, input, channel),
		);
		const headers = { location: `${desk.baseUrl()}/api/v2/tickets/${ticket.id}.json` };
		return {
			status: 201,
			json: { ticket: present(ticket), audit },
			headers: lookup === undefined ? headers : { ...headers, 'x-idempotency-lookup': lookup },
		};
	});
	route('GET', '/tickets', call => {
		const externalId = call.url.searchParams.get('external_id');
		const tickets = Object.values(desk.state().tickets).filter(
			ticket => ticket.status !== 'deleted' && (externalId === null || ticket.external_id === externalId),
		);
		const sorted = sortItems(tickets, call.url, ['id', 'created_at', 'updated_at', 'status']);
		const { page, envelope } = paginate('tickets', sorted.map(present), call.url);
		return { ...envelope, ...(call.includes('users') && { users: usersOf(page.flatMap(peopleOf)) }) };
	});
	route('GET', '/tickets/:id', call => {
		const ticket = findTicket(desk.state(), call.id('id'));
		return { ticket: present(ticket), ...(call.includes('users') && { users: usersOf(peopleOf(ticket)) }) };
	});
	route(
		'PUT',
		'/tickets/:id',
		async call => {
			const change = await call.body(TicketChange, 'ticket');
			const { ticket, audit } = updateTicket(desk, call.actor, call.id('id'), change, channel);
			return { ticket: present(ticket), audit };
		},
		{ updatesTicket: true },
	);
	route('DELETE', '/tickets/:id', call => {
		deleteTicket(desk, call.id('id'));
		return { status: 204 };
	});
	route('GET', '/tickets/:id/comments', call => {
		const ticket = findTicket(desk.state(), call.id('id'));
		const comments = sortItems(desk.state().comments[ticket.id] ?? [], call.url, ['created_at']);
		const { page, envelope } = paginate('comments', comments, call.url);
		const authors = page.map(comment => comment.author_id);
		return { ...envelope, ...(call.includes('users') && { users: usersOf(authors) }) };
	});
	route('GET', '/tickets/:id/audits', call => {
		const ticket = findTicket(desk.state(), call.id('id'));
		const audits = sortItems(desk.state().audits[ticket.id] ?? [], call.url, ['created_at']);
		return paginate('audits', audits, call.url).envelope;
	});
	routeTags(route, desk);
}

function routeTags(route: Route, desk: Desk): void {
	const change = async (call: ApiCall, toChange: (tags: string[]) => TicketChange) => {
		const { tags, ...guard } = await call.body(TagsInput);
		return updateTicket(desk, call.actor, call.id('id'), { ...toChange(tags), ...guard }, channel).ticket.tags;
	};
	const path = '/tickets/:id/tags';
	route('GET', path, call => ({ tags: findTicket(desk.state(), call.id('id')).tags }));
	route('PUT', path, async call => ({ tags: await change(call, tags => ({ additional_tags: tags })) }), {
		updatesTicket: true,
	});
	route('POST', path, async call => ({ status: 201, json: { tags: await change(call, tags => ({ tags })) } }), {
		updatesTicket: true,
	});
	route('DELETE', path, async call => ({ tags: await change(call, tags => ({ remove_tags: tags })) }), {
		updatesTicket: true,
	});
}

/** A ticket as the API shows it: every custom field of the account, set or not, and none of our bookkeeping. */
export function presentTicket(state: ZendeskState, ticket: Ticket, baseUrl: string) {
	const { revision: _, ...shown } = ticket;
	const fields = Object.values(state.ticketFields).map(({ id }) => ({
		id,
		value: ticket.custom_fields.find(field => field.id === id)?.value ?? null,
	}));
	return {
		url: `${baseUrl}/api/v2/tickets/${ticket.id}.json`,
		...shown,
		raw_subject: ticket.subject,
		custom_fields: fields,
		fields,
	};
}

function peopleOf(ticket: Pick<Ticket, 'requester_id' | 'submitter_id' | 'assignee_id'>): (number | null)[] {
	return [ticket.requester_id, ticket.submitter_id, ticket.assignee_id];
}

function sideLoadUsers(desk: Desk, ids: (number | null)[]): User[] {
	const known = [...new Set(ids)].map(id => (id === null ? undefined : desk.state().users[id]));
	return known.filter(user => user !== undefined).map(user => presentUser(user, desk.baseUrl()));
}
