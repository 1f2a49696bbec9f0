import { randomBytes } from 'node:crypto';
import type { Route } from './api.ts';
import { badRequest, recordNotFound } from './api-error.ts';
import type { Delivery } from './delivery.ts';
import { type Desk, isoSeconds, type TicketActivity } from './desk.ts';
import { paginate } from './pagination.ts';
import type { Webhook } from './rules.ts';
import { WebhookChange, WebhookInput } from './schema.ts';
import { ticketEvents } from './ticket-events.ts';
import { triggerCalls } from './triggers.ts';

/** Webhooks and their signing secrets, for admins. */
export function routeWebhooks(route: Route, desk: Desk): void {
	const admin = { adminOnly: true };
	const find = (id: string) => {
		const webhook = desk.state().webhooks[id];
		if (webhook === undefined) throw recordNotFound();
		return webhook;
	};
	const all = () => Object.values(desk.state().webhooks).map(present);
	route('GET', '/webhooks', call => paginate('webhooks', all(), call.url).envelope, admin);
	route('GET', '/webhooks/:id', call => ({ webhook: present(find(call.param('id'))) }), admin);
	route(
		'POST',
		'/webhooks',
		async call => {
			const webhook = createWebhook(desk, await call.body(WebhookInput, 'webhook'), { createdBy: call.actor.id });
			return { status: 201, json: { webhook: present(webhook) } };
		},
		admin,
	);
	for (const method of ['PUT', 'PATCH'] as const) {
		route(
			method,
			'/webhooks/:id',
			async call => {
				Object.assign(find(call.param('id')), await call.body(WebhookChange, 'webhook'));
				return { status: 204 };
			},
			admin,
		);
	}
	route(
		'DELETE',
		'/webhooks/:id',
		call => {
			delete desk.state().webhooks[find(call.param('id')).id];
			return { status: 204 };
		},
		admin,
	);
	route(
		'GET',
		'/webhooks/:id/signing_secret',
		call => ({ signing_secret: { algorithm: 'SHA256', secret: find(call.param('id')).secret } }),
		admin,
	);
}

/** Registers a webhook. Its mode is fixed here: event subscriptions, or `conditional_ticket_events` for triggers. */
export function createWebhook(
	desk: Desk,
	input: WebhookInput,
	{ createdBy, secret }: { createdBy: number; secret?: string },
): Webhook {
	const isConditional = input.subscriptions.includes('conditional_ticket_events');
	if (isConditional && input.subscriptions.length > 1) {
		throw badRequest('subscriptions: conditional_ticket_events cannot be mixed with event types');
	}
	const unknown = input.subscriptions.find(name => !isConditional && !name.startsWith('zen:event-type:'));
	if (unknown !== undefined) throw badRequest(`subscriptions: ${unknown} is not an event type`);
	const webhook: Webhook = {
		...input,
		id: ulid(desk.now()),
		secret: secret ?? randomBytes(32).toString('base64'),
		created_at: isoSeconds(desk.now()),
		created_by: String(createdBy),
	};
	desk.state().webhooks[webhook.id] = webhook;
	return webhook;
}

/** Tells every active webhook that wants to know of a ticket's update, by subscription or by trigger. */
export function notifyWebhooks(desk: Desk, activity: TicketActivity, delivery: Delivery): void {
	const active = Object.values(desk.state().webhooks).filter(({ status }) => status === 'active');
	for (const event of ticketEvents(desk.state(), activity, desk.now())) {
		for (const webhook of active.filter(({ subscriptions }) => subscriptions.includes(event.type))) {
			delivery.enqueue(webhook, event.type, JSON.stringify(event));
		}
	}
	for (const { webhookId, body } of triggerCalls(desk, activity)) {
		const webhook = active.find(({ id }) => id === webhookId);
		if (webhook !== undefined) delivery.enqueue(webhook, 'conditional_ticket_events', body);
	}
}

function present({ secret: _, ...shown }: Webhook): Omit<Webhook, 'secret'> {
	return shown;
}

/** Zendesk's webhook ids: 26 characters of Crockford base 32, the first ten of them the time. */
function ulid(now: Date): string {
	const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
	const time = Array.from({ length: 10 }, (_, i) => alphabet[Math.floor(now.getTime() / 32 ** (9 - i)) % 32]);
	return [...time, ...Array.from(randomBytes(16), byte => alphabet[byte % 32])].join('');
}
