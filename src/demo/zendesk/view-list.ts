import { html } from 'hono/html';
import type { Ticket, ZendeskState } from './state.ts';
import { languageOf, layout, type Markup, statusBadge, tagChips, timeOf } from './view-layout.ts';

/** All tickets, the one that changed last on top. */
export function ticketListPage(state: ZendeskState): Promise<string> {
	const tickets = Object.values(state.tickets)
		.filter(ticket => ticket.status !== 'deleted')
		.sort((a, b) => b.revision - a.revision);
	const list =
		tickets.length === 0
			? html`<p class="empty">No tickets yet. <a href="/agent/new">Write the first one</a> as a customer would.</p>`
			: html`<ul class="list">${tickets.map(ticket => row(state, ticket))}</ul>`;
	return layout('Tickets', html`<h1>Tickets</h1><div id="tickets" data-live>${list}</div>`);
}

function row(state: ZendeskState, ticket: Ticket): Markup {
	const last = state.comments[ticket.id]?.at(-1);
	const author = last === undefined ? '' : (state.users[last.author_id]?.name ?? '');
	const language = languageOf(ticket.tags);
	const note = last?.public === false ? html`<span class="label">note</span> ` : '';
	return html`<li><a class="row" href="/agent/tickets/${ticket.id}">
<span class="row-top">${statusBadge(ticket.status)} <b>#${ticket.id}</b> <span class="subject">${ticket.subject}</span>
${language === undefined ? '' : html`<span class="tag language">${language}</span>`}</span>
<span class="row-last">${note}<b>${author}</b> ${last?.plain_body.slice(0, 160) ?? ''}</span>
<span class="row-foot"><span>${state.users[ticket.requester_id]?.name ?? ''}</span> ${timeOf(ticket.updated_at)}
${tagChips(ticket.tags)}</span>
</a></li>`;
}
