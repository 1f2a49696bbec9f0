import { describe, expect, it } from 'vitest';
import { createZendeskChannel, type Zendesk } from '../../integrations/zendesk/channel.ts';
import { openTaughtStage, postWebhook } from '../stage.ts';

const question = { subject: 'Delivery', body: 'How long does standard delivery take?' };
const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

describe('a message', () => {
	it('from a colleague who is the requester is a customer’s', async () => {
		const { sandbox, settle } = await openTaughtStage();
		const employee = sandbox.as(sandbox.addUser({ name: 'Omar Said', email: 'omar@shop.example', role: 'agent' }).id);
		const { id } = employee.createTicket(question);
		await settle();
		await sleep(500);
		expect(sandbox.publicComments(id)).toHaveLength(2);
	});

	it('with a NUL in it is stored', async () => {
		const stage = await openTaughtStage();
		const res = await postWebhook(stage, {
			account_id: 1,
			id: 'event-nul',
			type: 'zen:event-type:ticket.comment_added',
			time: new Date().toISOString(),
			detail: { id: '777', actor_id: '5', requester_id: '5', organization_id: null, subject: 'Hi' },
			event: {
				comment: { id: '9', body: 'How long\u0000?', is_public: true, author: { id: '5', is_staff: false, name: 'A' } },
			},
		});
		expect(res.status).toBe(200);
	});

	it('of a shape we do not know is a hint, not an error', async () => {
		const stage = await openTaughtStage();
		const res = await postWebhook(stage, {
			account_id: 1,
			id: 'event-x',
			type: 'zen:event-type:ticket.comment_added',
			time: new Date().toISOString(),
			detail: { id: '777', actor_id: '5', requester_id: '5', organization_id: null, subject: 'Hi' },
			event: { comment: { id: '9', is_public: true, author: { id: '5', is_staff: false, name: 'A' } } },
		});
		expect(res.status).toBe(200);
	});

	it('dated by nonsense is stored', async () => {
		const stage = await openTaughtStage();
		const res = await postWebhook(stage, {
			account_id: 1,
			id: 'event-y',
			type: 'zen:event-type:ticket.comment_added',
			time: 'yesterday',
			detail: { id: '777', actor_id: '5', requester_id: '5', organization_id: null, subject: 'Hi' },
			event: { comment: { id: '9', body: 'x', is_public: true, author: { id: '5', is_staff: false, name: 'A' } } },
		});
		expect(res.status).toBe(200);
	});

	it('that answers ours by itself is not answered with the same words again', async () => {
		const { sandbox, customer, settle } = await openTaughtStage();
		const { id } = customer.createTicket({ subject: 'a', body: 'What is the weather?' });
		await settle();
		for (let i = 0; i < 3; i++) {
			customer.comment(id, 'Out of office. What is the weather?');
			await settle();
		}
		const own = sandbox
			.publicComments(id)
			.filter(c => c.author_id === sandbox.botId)
			.map(c => c.body);
		expect(new Set(own).size).toBe(own.length);
	});

	it('of our own that comes before we know who we are does not silence us', async () => {
		let web: Pick<Zendesk, 'receive' | 'connect'> | undefined;
		const stage = await openTaughtStage({
			wrapZendesk: zendesk => ({ ...zendesk, receive: request => (web ?? zendesk).receive(request) }),
		});
		web = createZendeskChannel({
			url: stage.sandbox.url,
			webhookSecret: stage.webhookSecret,
			credentials: { kind: 'oauth', clientId: 'x', clientSecret: 'y' },
		});
		await web.connect().catch(() => undefined);
		stage.sandbox.faults.api({ kind: 'hang', ms: 700, afterEffect: true, method: 'PUT', times: 1 });
		const { id } = stage.customer.createTicket(question);
		await stage.settle();
		stage.customer.comment(id, 'How long does express delivery take?');
		await stage.settle();
		expect(stage.sandbox.publicComments(id)).toHaveLength(4);
	});
});
