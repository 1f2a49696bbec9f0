import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openTaughtStage } from '../stage.ts';

const question = { subject: 'Delivery', body: 'How long does standard delivery take?' };

describe('webhooks', () => {
	it('delivered twice change nothing the second time', async () => {
		const { sandbox, customer, settle, query } = await openTaughtStage();
		sandbox.faults.webhook({ kind: 'duplicate', probability: 1 });
		const { id } = customer.createTicket(question);
		await settle();
		expect(sandbox.publicComments(id)).toHaveLength(2);
		expect(await query.selectFrom('turns').select('id').execute()).toHaveLength(1);
		const events = await query.selectFrom('events').select('vendor_event_id').execute();
		expect(new Set(events.map(row => row.vendor_event_id)).size).toBe(events.length);
	});

	it('delivered in the wrong order make one turn in the right one', async () => {
		const { sandbox, customer, settle, query } = await openTaughtStage({ settleMs: 500 });
		const { id } = customer.createTicket({ subject: 'Hi', body: 'first part about delivery' });
		await sandbox.idle();
		sandbox.faults.webhook({ kind: 'reorder' });
		customer.comment(id, 'second part about delivery');
		customer.comment(id, 'third part about delivery');
		await settle();
		const turns = await query.selectFrom('turns').select('triage').execute();
		expect(turns).toHaveLength(1);
		expect(JSON.stringify(turns)).toMatch(/first part.*second part.*third part/);
	});

	it.each([
		['forged', 'not-the-secret', new Date()],
		['old', undefined, new Date(Date.now() - 3 * 3_600_000)],
	])('%s are refused and change nothing', async (_, secret, at) => {
		const { webhookUrl, webhookSecret, query } = await openTaughtStage();
		const before = await query.selectFrom('events').select('id').execute();
		const body = JSON.stringify(commentEvent());
		const timestamp = at.toISOString();
		const signature = createHmac('sha256', secret ?? webhookSecret)
			.update(timestamp + body)
			.digest('base64');
		const response = await fetch(webhookUrl, {
			method: 'POST',
			body,
			headers: {
				'content-type': 'application/json',
				'x-zendesk-webhook-signature': signature,
				'x-zendesk-webhook-signature-timestamp': timestamp,
			},
		});
		expect(response.status).toBe(401);
		expect(await query.selectFrom('events').select('id').execute()).toEqual(before);
	});

	it('that are too large are refused unread', async () => {
		const { webhookUrl } = await openTaughtStage();
		const response = await fetch(webhookUrl, { method: 'POST', body: 'x'.repeat(2_000_000) });
		expect(response.status).toBe(413);
	});

	it('of a trigger tell only that something changed, and the ticket is read', async () => {
		const { sandbox, customer, settle, webhookUrl, webhookSecret } = await openTaughtStage({
			subscriptions: ['zen:event-type:none'],
		});
		const { id: webhookId } = sandbox.addWebhook({
			endpoint: webhookUrl,
			subscriptions: ['conditional_ticket_events'],
			secret: webhookSecret,
		});
		const body = Object.entries({
			ticket_id: 'ticket.id',
			requester_id: 'ticket.requester.id',
			organization_id: 'ticket.organization.id',
			current_user_id: 'current_user.id',
			status: 'ticket.status',
			tags: 'ticket.tags',
			updated_at: 'ticket.updated_at_with_timestamp',
		}).map(([name, placeholder]) => `"${name}": "{{${placeholder}}}"`);
		sandbox.addTrigger({
			title: 'Tell Understudy',
			actions: [
				{ field: 'notification_webhook', value: [String(webhookId), `{"understudy": "ticket", ${body.join(', ')}}`] },
			],
		});
		const { id } = customer.createTicket(question);
		await settle();
		expect(sandbox.publicComments(id)).toHaveLength(2);
		customer.comment(id, 'And how long does express delivery take?');
		await settle();
		expect(sandbox.publicComments(id)).toHaveLength(4);
	});
});

describe('exactly one reply', () => {
	it.each([
		['429', { kind: 'status', status: 429, retryAfterSeconds: 1, method: 'PUT', times: 2 }],
		['a 500 before anything happened', { kind: 'status', status: 500, method: 'PUT', times: 2 }],
		['a 503 after the comment was made', { kind: 'status', status: 503, afterEffect: true, method: 'PUT', times: 1 }],
		[
			'a connection that breaks after the comment was made',
			{ kind: 'drop', afterEffect: true, method: 'PUT', times: 1 },
		],
		[
			'an answer that never comes after the comment was made',
			{ kind: 'hang', ms: 3000, afterEffect: true, method: 'PUT', times: 1 },
		],
		['reads that fail', { kind: 'status', status: 502, method: 'GET', times: 3 }],
		['a token that is refused', { kind: 'status', status: 401, method: 'PUT', times: 1 }],
	] as const)('in spite of %s', async (_, fault) => {
		const { sandbox, customer, settle } = await openTaughtStage();
		sandbox.faults.api(fault);
		const { id } = customer.createTicket(question);
		await settle(20_000);
		expect(sandbox.faults.struck()).toBeGreaterThan(0);
		expect(sandbox.publicComments(id)).toHaveLength(2);
	});

	it('when the process dies between sending and recording', async () => {
		let crashes = 0;
		const { sandbox, customer, settle, query, product } = await openTaughtStage({
			leaseMs: 600,
			wrapZendesk: zendesk => ({
				...zendesk,
				async reply(reply) {
					const receipt = await zendesk.reply(reply);
					// What a dead process does: the comment is made, and nobody hears of it, not even an error handler.
					if (crashes++ === 0) return new Promise(() => undefined);
					return receipt;
				},
			}),
		});
		const { id } = customer.createTicket(question);
		while (crashes === 0) await new Promise(resolve => setTimeout(resolve, 10));
		// The job that died holds its place in the queue; another run of the same stage takes over once the lease is over.
		await new Promise(resolve => setTimeout(resolve, 700));
		const conversation = await query.selectFrom('conversations').select('id').executeTakeFirstOrThrow();
		await product.jobs.deliver.run({ conversationId: conversation.id });
		await settle();
		expect(sandbox.publicComments(id)).toHaveLength(2);
		const deliveries = await query.selectFrom('deliveries').select(['state', 'attempts']).execute();
		expect(deliveries).toEqual([{ state: 'sent', attempts: 2 }]);
	});

	it('when two runs deliver at the same time', async () => {
		const { sandbox, customer, settle, query, product } = await openTaughtStage();
		const { id } = customer.createTicket(question);
		await sandbox.idle();
		const { id: conversationId } = await query.selectFrom('conversations').select('id').executeTakeFirstOrThrow();
		const { jobs } = product;
		await Promise.all([1, 2, 3].map(() => jobs.respond.run({ conversationId })));
		await Promise.all([1, 2, 3].map(() => jobs.deliver.run({ conversationId })));
		await settle();
		expect(sandbox.publicComments(id)).toHaveLength(2);
	});

	it('although every tick was lost: the sweeper finds the work', async () => {
		const { sandbox, customer, settle, query, queue, product } = await openTaughtStage({ sweepEveryMs: 600_000 });
		const { tick } = queue;
		queue.tick = async () => undefined;
		const ticket = customer.createTicket(question);
		await sandbox.idle();
		queue.tick = tick;
		// What is younger is presumed to be on its way.
		await sleep(300);
		await product.jobs.sweep.run({});
		await settle();
		expect(await query.selectFrom('turns').select('state').execute()).toEqual([{ state: 'concluded' }]);
		expect(sandbox.publicComments(ticket.id)).toHaveLength(2);
	});
});

function commentEvent() {
	return {
		account_id: 1,
		id: 'event-1',
		type: 'zen:event-type:ticket.comment_added',
		subject: 'zen:ticket:7',
		time: new Date().toISOString(),
		zendesk_event_version: '2022-11-06',
		detail: { id: '7', actor_id: '5', requester_id: '5', organization_id: null, subject: 'Hi' },
		event: {
			comment: { id: '9', body: 'How long?', is_public: true, author: { id: '5', is_staff: false, name: 'A' } },
		},
	};
}
