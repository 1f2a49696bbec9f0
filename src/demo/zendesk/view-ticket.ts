import { html, raw } from 'hono/html';
import { cleanHtml } from './comments.ts';
import { activeMacros } from './macros.ts';
import type { Comment, Ticket, User, ZendeskState } from './state.ts';
import { layout, type Markup, statusBadge, tagChips, timeOf } from './view-layout.ts';

const statuses = ['new', 'open', 'pending', 'hold', 'solved', 'closed'] as const;

/** One ticket: what was said, what is known about it, and the forms to go on as an agent or as the customer. */
export function ticketPage(
	state: ZendeskState,
	ticket: Ticket,
	agents: User[],
	error: string | undefined,
): Promise<string> {
	const comments = state.comments[ticket.id] ?? [];
	const content = html`<h1><span id="status" data-live>${statusBadge(ticket.status)}</span> #${ticket.id} ${ticket.subject}</h1>
<div class="columns">
<div>
<div id="thread" class="thread" data-live>${comments.map(comment => commentCard(state, comment))}</div>
${ticket.status === 'closed' ? html`<p class="empty">Closed tickets take no more updates.</p>` : forms(state, ticket, agents)}
</div>
<aside class="card" id="details" data-live>${details(state, ticket)}</aside>
</div>`;
	return layout(`#${ticket.id} ${ticket.subject}`, content, error);
}

function commentCard(state: ZendeskState, comment: Comment): Markup {
	const author = state.users[comment.author_id];
	const kind = comment.public ? (author?.role === 'end-user' ? 'customer' : 'agent') : 'note';
	const files = comment.attachments.map(file => html`<span class="tag">${file.file_name}</span>`);
	return html`<article class="comment ${kind}" id="comment-${comment.id}">
<header><b>${author?.name ?? 'Unknown'}</b> <span class="label">${author?.role ?? ''}</span>
${comment.public ? '' : html`<span class="label">internal note</span>`} ${timeOf(comment.created_at)}</header>
<div class="text">${raw(cleanHtml(comment.html_body))}</div>
${files}
</article>`;
}

/** One form for the agent, so that every button acts as whoever is chosen. */
function forms(state: ZendeskState, ticket: Ticket, agents: User[]): Markup {
	const to = (action: string) => `/agent/tickets/${ticket.id}/${action}`;
	const requester = state.users[ticket.requester_id]?.name ?? 'the customer';
	const macros = activeMacros(state).map(
		macro =>
			html`<button class="button" formaction="${to('macro')}" name="macro" value="${macro.id}">${macro.title}</button>`,
	);
	const choices = statuses.map(
		status => html`<option value="${status}"${status === ticket.status ? ' selected' : ''}>${status}</option>`,
	);
	return html`<form class="card form" method="post" action="${to('reply')}">
<h2>As an agent</h2>
<label>Agent<select name="agent">${agents.map(agent => html`<option value="${agent.id}">${agent.name}</option>`)}</select></label>
<label>Text<textarea name="text" rows="4" placeholder="Markdown"></textarea></label>
<p class="buttons"><button class="button primary">Reply</button>
<button class="button note" formaction="${to('note')}">Add internal note</button></p>
${macros.length === 0 ? '' : html`<p class="buttons" aria-label="Macros">${macros}</p>`}
<p class="buttons"><label class="inline">Status <select name="status">${choices}</select></label>
<button class="button" formaction="${to('status')}">Set status</button></p>
</form>
<form class="card form" method="post" action="${to('customer')}">
<h2>As the customer</h2>
<label>${requester} writes<textarea name="text" rows="3" required></textarea></label>
<p><button class="button">Send as ${requester}</button></p>
</form>`;
}

function details(state: ZendeskState, ticket: Ticket): Markup {
	const requester = state.users[ticket.requester_id];
	const organization = ticket.organization_id === null ? undefined : state.organizations[ticket.organization_id];
	const fields = ticket.custom_fields
		.filter(({ value }) => value !== null)
		.map(({ id, value }) => [state.ticketFields[id]?.title ?? String(id), String(value)] as const);
	const facts = [
		['Requester', requester?.name],
		['E-mail', requester?.email],
		['Locale', requester?.locale],
		['Organization', organization?.name],
		['Assignee', ticket.assignee_id === null ? undefined : state.users[ticket.assignee_id]?.name],
		['Group', ticket.group_id === null ? undefined : state.groups[ticket.group_id]?.name],
		['Priority', ticket.priority],
		['Channel', ticket.via.channel],
		...fields,
	] as const;
	return html`<dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value ?? '—'}</dd>`)}
<dt>Created</dt><dd>${timeOf(ticket.created_at)}</dd>
<dt>Updated</dt><dd>${timeOf(ticket.updated_at)}</dd>
<dt>Tags</dt><dd>${ticket.tags.length === 0 ? '—' : tagChips(ticket.tags)}</dd></dl>`;
}
