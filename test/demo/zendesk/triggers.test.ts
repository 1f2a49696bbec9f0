import { expect, test } from 'vitest';
import { openStage } from './stage.ts';
import { openReceiver } from './webhook-receiver.ts';

const template = JSON.stringify({
	ticket: '{{ticket.id}}',
	status: '{{ticket.status}}',
	tags: '{{ticket.tags}}',
	said: '{{ticket.latest_public_comment}}',
	by: '{{current_user.id}}',
	requester: '{{ticket.requester.id}}',
	unknown: '{{ticket.nonsense}}',
});

test('a trigger calls its webhook with its own payload when all its conditions hold', async () => {
	const { api, sandbox, customerId, agentId } = await openStage();
	const receiver = await openReceiver();
	const webhook = await api('POST', '/webhooks', {
		webhook: { name: 'w', endpoint: receiver.url, subscriptions: ['conditional_ticket_events'] },
	});
	const created = await api('POST', '/triggers.json', {
		trigger: {
			title: 'Public comments, not from the bot',
			conditions: {
				all: [
					{ field: 'comment_is_public', operator: 'is', value: 'true' },
					{ field: 'current_tags', operator: 'not_includes', value: 'no_ai' },
					{ field: 'role', operator: 'is_not', value: String(sandbox.botId) },
				],
			},
			actions: [{ field: 'notification_webhook', value: [webhook.json.webhook.id, template] }],
		},
	});
	expect(created.status).toBe(201);
	expect((await api('GET', '/triggers.json')).json.triggers).toHaveLength(1);

	const { id } = sandbox.as(customerId).createTicket({ body: 'Say "hi"\nplease', tags: ['vip', 'es'] });
	sandbox.as(agentId).note(id, 'not public');
	await api('PUT', `/tickets/${id}.json`, { ticket: { comment: { body: 'from the bot', author_id: agentId } } });
	sandbox.as(agentId).addTags(id, 'no_ai');
	sandbox.as(customerId).comment(id, 'tagged away');
	await sandbox.idle();
	expect(receiver.received.map(({ json }) => json)).toEqual([
		{
			ticket: String(id),
			status: 'new',
			tags: 'es vip',
			said: 'Say "hi"\nplease',
			by: String(customerId),
			requester: String(customerId),
			unknown: '',
		},
	]);
	expect(receiver.received[0]?.headers['x-zendesk-webhook-signature']).toBeTruthy();
});

test('update_type tells creation from change, and a webhook of the other mode is refused', async () => {
	const { sandbox, customerId, agentId } = await openStage();
	const receiver = await openReceiver();
	const webhook = sandbox.addWebhook({ endpoint: receiver.url, subscriptions: ['conditional_ticket_events'] });
	sandbox.addTrigger({
		title: 'Macro tag',
		conditions: {
			all: [{ field: 'update_type', operator: 'is', value: 'Change' }],
			any: [
				{ field: 'current_tags', operator: 'includes', value: 'understudy_send understudy_reject' },
				{ field: 'status', operator: 'is', value: 'solved' },
			],
		},
		actions: [{ field: 'notification_webhook', value: [webhook.id, '{"id":{{ticket.id}}}'] }],
	});
	const { id } = sandbox.as(customerId).createTicket({ body: 'Hello', tags: ['understudy_send'] });
	await sandbox.idle();
	expect(receiver.received).toHaveLength(0);
	sandbox.as(agentId).note(id, 'a change');
	await sandbox.idle();
	expect(receiver.received.map(({ json }) => json)).toEqual([{ id }]);

	const events = sandbox.addWebhook({ endpoint: receiver.url, subscriptions: ['zen:event-type:ticket.created'] });
	const actions = [{ field: 'notification_webhook', value: [events.id, '{}'] }];
	expect(() => sandbox.addTrigger({ title: 'wrong', actions })).toThrow('cannot be connected to a trigger');
});
