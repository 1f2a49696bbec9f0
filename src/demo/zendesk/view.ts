import type { EmulatorContext } from 'emulate';
import { ApiError, badRequest } from './api-error.ts';
import { type Desk, isStaff } from './desk.ts';
import { createPerson } from './people.ts';
import { TicketChange } from './schema.ts';
import { findTicket } from './tickets.ts';
import { createOrUpdateUser, findUserByEmail } from './users.ts';
import { liveScript, stylesheet } from './view-assets.ts';
import { ticketListPage } from './view-list.ts';
import { newTicketPage } from './view-new.ts';
import { ticketPage } from './view-ticket.ts';

type App = EmulatorContext<object>['app'];
type Context = Parameters<Parameters<App['get']>[1]>[0];
type Form = Record<string, string>;

/**
 * The helpdesk for a person with a browser. No sign-in, as it listens on this machine alone; what its forms do goes the
 * way of the API, so webhooks fire. A form sent by another site is refused.
 */
export function routeView(app: App, desk: Desk, botId: () => number): void {
	const page = (c: Context, html: string) => c.html(html, 200, securityHeaders);
	app.get('/', c => c.redirect('/agent/tickets'));
	app.get('/agent', c => c.redirect('/agent/tickets'));
	app.get('/agent/style.css', c => c.body(stylesheet, 200, { 'content-type': 'text/css; charset=utf-8' }));
	app.get('/agent/live.js', c => c.body(liveScript, 200, { 'content-type': 'text/javascript; charset=utf-8' }));
	app.get('/agent/tickets', async c => page(c, await ticketListPage(desk.state())));
	app.get('/agent/new', async c => page(c, await newTicketPage(c.req.query('error'))));
	app.get('/agent/tickets/:id', async c => {
		const ticket = desk.state().tickets[c.req.param('id')];
		if (ticket === undefined || ticket.status === 'deleted') return c.redirect('/agent/tickets');
		const staff = Object.values(desk.state().users).filter(isStaff);
		const agents = staff.filter(user => user.id !== botId());
		return page(c, await ticketPage(desk.state(), ticket, agents.length > 0 ? agents : staff, c.req.query('error')));
	});

	app.post('/agent/new', c => submit(c, '/agent/new', form => createAsCustomer(desk, form)));
	const onTicket = (action: string, act: (ticketId: number, form: Form) => void) => {
		app.post(`/agent/tickets/:id/${action}`, c => {
			const ticketId = Number(c.req.param('id'));
			const back = `/agent/tickets/${ticketId}`;
			return submit(c, back, form => {
				act(ticketId, form);
				return back;
			});
		});
	};
	const agent = (form: Form) => createPerson(desk, Number(form.agent));
	onTicket('reply', (id, form) => agent(form).comment(id, form.text ?? ''));
	onTicket('note', (id, form) => agent(form).note(id, form.text ?? ''));
	onTicket('macro', (id, form) => agent(form).applyMacro(id, Number(form.macro)));
	onTicket('status', (id, form) => {
		const change = TicketChange.safeParse({ status: form.status });
		if (!change.success) throw badRequest('Status: is not valid');
		agent(form).update(id, change.data);
	});
	onTicket('customer', (id, form) => {
		createPerson(desk, findTicket(desk.state(), id).requester_id).comment(id, form.text ?? '');
	});
}

const securityHeaders = {
	'content-security-policy': "default-src 'self'; img-src https: data:; form-action 'self'; frame-ancestors 'none'",
	'cache-control': 'no-store',
};

/** Acts on a form and goes on to where the action says, or back with Zendesk's refusal on the page. */
async function submit(c: Context, back: string, act: (form: Form) => string): Promise<Response> {
	const site = c.req.header('sec-fetch-site');
	if (site !== undefined && site !== 'same-origin' && site !== 'none') return c.text('Sent by another site', 403);
	const fields = Object.entries(await c.req.parseBody());
	const form = Object.fromEntries(fields.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
	try {
		return c.redirect(act(form), 303);
	} catch (error) {
		if (!(error instanceof ApiError)) throw error;
		return c.redirect(`${back}?error=${encodeURIComponent(explain(error))}`, 303);
	}
}

function createAsCustomer(desk: Desk, form: Form): string {
	const email = form.email?.trim() ?? '';
	const name = form.name?.trim() || email.split('@')[0] || 'Customer';
	const known = findUserByEmail(desk.state(), email);
	const customer = known ?? createOrUpdateUser(desk, { name, email, locale: form.locale ?? 'en-US' }).user;
	const subject = form.subject?.trim();
	const ticket = createPerson(desk, customer.id).createTicket({
		...(subject !== undefined && subject !== '' && { subject }),
		body: form.text ?? '',
		channel: 'web',
	});
	return `/agent/tickets/${ticket.id}`;
}

function explain({ body }: ApiError): string {
	const { details, error } = body as { details?: Record<string, { description: string }[]>; error?: unknown };
	const descriptions = Object.values(details ?? {}).flatMap(entries => entries.map(({ description }) => description));
	if (descriptions.length > 0) return descriptions.join(' ');
	return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
