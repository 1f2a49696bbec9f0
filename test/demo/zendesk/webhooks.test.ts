import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';
import { openReceiver } from './webhook-receiver.ts';

const commentAdded = 'zen:event-type:ticket.comment_added';

async function subscribe({ sandbox }: Stage, ...subscriptions: string[]) {
	const receiver = await openReceiver();
	const webhook = sandbox.addWebhook({ endpoint: receiver.url, subscriptions });
	return { ...receiver, webhook };
}

test('a comment is delivered signed, in the envelope of an event subscription', async () => {
	const stage = await openStage();
	const { sandbox, customerId, agentId } = stage;
	const { received, webhook } = await subscribe(stage, commentAdded);
	const { id } = sandbox.as(customerId).createTicket({ subject: 'Late', body: 'Hello', priority: 'high' });
	sandbox.as(agentId).note(id, 'Let me look');
	await sandbox.idle();

	expect(received).toHaveLength(2);
	const { headers, raw, json } = received.find(({ raw: text }) => text.includes('Let me look')) ?? {};
	const timestamp = String(headers?.['x-zendesk-webhook-signature-timestamp']);
	const signature = createHmac('sha256', webhook.secret)
		.update(timestamp + raw)
		.digest('base64');
	expect(headers).toMatchObject({
		'x-zendesk-webhook-signature': signature,
		'x-zendesk-webhook-id': webhook.id,
		'x-zendesk-account-id': String(json.account_id),
	});
	expect(headers?.['x-zendesk-webhook-invocation-id']).toBeTruthy();
	expect(json).toMatchObject({
		type: commentAdded,
		subject: `zen:ticket:${id}`,
		zendesk_event_version: '2022-11-06',
		detail: { id: String(id), status: 'NEW', priority: 'HIGH', actor_id: String(agentId), via: { channel: 'email' } },
		event: {
			comment: {
				id: String(sandbox.comments(id)[1]?.id),
				body: 'Let me look',
				is_public: false,
				author: { id: String(agentId), is_staff: true, name: 'Ada Agent' },
			},
			meta: { sequence: { position: 1 } },
		},
	});
});

test('one update makes one event for each thing it changed, of one sequence', async () => {
	const stage = await openStage();
	const { sandbox, customerId, agentId } = stage;
	const types = ['created', 'status_changed', 'tags_changed', 'custom_field_changed'];
	const { received } = await subscribe(stage, ...types.map(type => `zen:event-type:ticket.${type}`));
	const field = sandbox.addTicketField({ title: 'AI decision' });
	const { id } = sandbox.as(customerId).createTicket({ body: 'Hello', tags: ['old'] });
	await sandbox.idle();
	expect(received.map(({ json }) => json.type)).toEqual(['zen:event-type:ticket.created']);
	received.length = 0;
	sandbox.as(agentId).update(id, {
		status: 'pending',
		tags: ['new'],
		custom_fields: [{ id: field.id, value: 'send' }],
	});
	await sandbox.idle();
	const events = Object.fromEntries(received.map(({ json }) => [json.type.split('.')[1], json.event]));
	expect(events.status_changed).toMatchObject({ current: 'PENDING', previous: 'NEW' });
	expect(events.tags_changed).toMatchObject({ tags_added: ['new'], tags_removed: ['old'] });
	expect(events.custom_field_changed).toMatchObject({ current: 'send', field: { id: String(field.id) } });
	expect(new Set(received.map(({ json }) => json.event.meta.sequence.id)).size).toBe(1);
});

test('a 409 is retried three times with the same payload, a 500 never', async () => {
	const stage = await openStage();
	const { sandbox, customerId } = stage;
	const { received, replies } = await subscribe(stage, commentAdded);
	replies.push(...Array.from({ length: 4 }, () => ({ status: 409 })));
	sandbox.as(customerId).createTicket({ body: 'Hello' });
	await sandbox.idle();
	expect(received).toHaveLength(4);
	expect(new Set(received.map(({ raw }) => raw)).size).toBe(1);
	replies.push({ status: 500 });
	sandbox.as(customerId).createTicket({ body: 'Hello again' });
	await sandbox.idle();
	expect(received).toHaveLength(5);
	expect(sandbox.deliveries().map(({ attempts }) => attempts)).toEqual([[409, 409, 409, 409], [500]]);
});

test('a 503 is retried only where Retry-After says when', async () => {
	const stage = await openStage();
	const { sandbox, customerId } = stage;
	const { replies } = await subscribe(stage, commentAdded);
	const deliver = async () => {
		sandbox.as(customerId).createTicket({ body: 'Hello' });
		await sandbox.idle();
		return sandbox.deliveries().at(-1)?.attempts;
	};
	replies.push({ status: 503 });
	expect(await deliver()).toEqual([503]);
	replies.push({ status: 503, headers: { 'retry-after': '2' } });
	expect(await deliver()).toEqual([503, 200]);
});

test('a silent endpoint is tried six times and given up', async () => {
	const stage = await openStage({ delivery: { timeoutMs: 30, retryDelayMs: 1 } });
	const { replies, received } = await subscribe(stage, commentAdded);
	replies.push(...Array.from({ length: 9 }, () => ({ status: 0, silent: true })));
	stage.sandbox.as(stage.customerId).createTicket({ body: 'Hello' });
	await stage.sandbox.idle();
	expect(stage.sandbox.deliveries()[0]?.attempts).toEqual(Array.from({ length: 6 }, () => 'timeout'));
	expect(received.length).toBeLessThanOrEqual(6);
});

test('deliveries are dropped, duplicated and reordered on demand', async () => {
	const stage = await openStage();
	const { sandbox, customerId } = stage;
	const { received } = await subscribe(stage, commentAdded);
	const { id } = sandbox.as(customerId).createTicket({ body: 'zero' });
	await sandbox.idle();
	const bodiesAfter = async (...texts: string[]) => {
		received.length = 0;
		for (const text of texts) sandbox.as(customerId).comment(id, text);
		await sandbox.idle();
		return received.map(({ json }) => json.event.comment.body);
	};
	sandbox.faults.webhook({ kind: 'drop' });
	expect(await bodiesAfter('dropped', 'kept')).toEqual(['kept']);
	sandbox.faults.webhook({ kind: 'duplicate', type: 'comment_added' });
	expect(await bodiesAfter('twice')).toEqual(['twice', 'twice']);
	expect(received[0]?.json.id).toBe(received[1]?.json.id);
	sandbox.faults.webhook({ kind: 'reorder', ms: 60_000 });
	expect(await bodiesAfter('first', 'second')).toEqual(['second', 'first']);
	sandbox.faults.webhook({ kind: 'delay', ms: 300 });
	expect(await bodiesAfter('late', 'soon')).toEqual(['soon', 'late']);
	const disarm = sandbox.faults.webhook({ kind: 'drop', probability: 1 });
	expect(await bodiesAfter('gone', 'gone too')).toEqual([]);
	disarm();
	expect(await bodiesAfter('back')).toEqual(['back']);
});

test('the API registers, shows and removes webhooks, to admins alone', async () => {
	const stage = await openStage();
	const { api, apiAs, sandbox, customerId, agentId } = stage;
	const { url, received } = await openReceiver();
	const webhook = { name: 'w', endpoint: url, subscriptions: [commentAdded], status: 'active' };
	expect((await apiAs(agentId)('POST', '/webhooks', { webhook })).status).toBe(403);
	const created = await api('POST', '/webhooks', { webhook });
	expect(created.status).toBe(201);
	const { id } = created.json.webhook;
	expect(created.json.webhook.secret).toBeUndefined();
	const { json } = await api('GET', `/webhooks/${id}/signing_secret`);
	expect(json.signing_secret).toMatchObject({ algorithm: 'SHA256' });
	expect(json.signing_secret.secret.length).toBeGreaterThan(20);
	expect((await api('GET', '/webhooks')).json.webhooks).toMatchObject([{ id, name: 'w' }]);
	const mixed = { ...webhook, subscriptions: ['conditional_ticket_events', commentAdded] };
	expect((await api('POST', '/webhooks', { webhook: mixed })).status).toBe(400);

	const deliveredAfter = async () => {
		sandbox.as(customerId).createTicket({ body: 'Hello' });
		await sandbox.idle();
		return received.length;
	};
	await api('PATCH', `/webhooks/${id}`, { webhook: { status: 'inactive' } });
	expect(await deliveredAfter()).toBe(0);
	await api('PATCH', `/webhooks/${id}`, { webhook: { status: 'active' } });
	expect(await deliveredAfter()).toBe(1);
	expect((await api('DELETE', `/webhooks/${id}`)).status).toBe(204);
	expect(await deliveredAfter()).toBe(1);
});

test('the API answers while a delivery is still under way', async () => {
	const stage = await openStage({ delivery: { timeoutMs: 400, retryDelayMs: 1 } });
	const { replies } = await subscribe(stage, commentAdded);
	replies.push({ status: 0, silent: true });
	await stage.api('POST', '/tickets', { ticket: { subject: 's', comment: { body: 'Hello' } } });
	expect(stage.sandbox.deliveries()[0]?.attempts).toEqual([]);
	await stage.sandbox.idle();
	expect(stage.sandbox.deliveries()[0]?.attempts[0]).toBe('timeout');
});
