import { describe, expect, it } from 'vitest';
import { createZendeskChannel, type Zendesk } from '../../integrations/zendesk/channel.ts';
import { openTaughtStage, postWebhook, type Stage } from '../stage.ts';

const question = { subject: 'Delivery', body: 'How long does standard delivery take?' };
const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

/** The webhook of a comment with these fields besides the usual ones. @returns what became of it. */
async function tell(stage: Stage, comment: object, time = new Date().toISOString()): Promise<unknown> {
	const response = await postWebhook(stage, {
		account_id: 1,
		id: 'event-1',
		type: 'zen:event-type:ticket.comment_added',
		time,
		detail: { id: '777', actor_id: '5', requester_id: '5', organization_id: null, subject: 'Hi' },
		event: { comment: { id: '9', is_public: true, author: { id: '5', is_staff: false, name: 'A' }, ...comment } },
	});
	expect(response.status).toBe(200);
	return response.json();
}

describe('a message', () => {
	it('from a colleague who is the requester is a customer’s', async () => {
		const { sandbox, settle } = await openTaughtStage();
		const employee = sandbox.as(sandbox.addUser({ name: 'Omar Said', email: 'omar@shop.example', role: 'agent' }).id);
		const { id } = employee.createTicket(question);
		await settle();
		await sleep(500);
		expect(sandbox.publicComments(id)).toHaveLength(2);
	});

	it('with a NUL in it is stored without it', async () => {
		const stage = await openTaughtStage();
		expect(await tell(stage, { body: 'How long\u0000?' })).toEqual({ stored: 1, duplicates: 0 });
		expect(await stage.query.selectFrom('messages').select('text').execute()).toEqual([{ text: 'How long?' }]);
	});

	it('of a shape we do not know is a hint, not an error', async () => {
		const stage = await openTaughtStage();
		expect(await tell(stage, {})).toEqual({ stored: 1, duplicates: 0 });
		expect(await stage.query.selectFrom('events').select('kind').execute()).toEqual([{ kind: 'changed' }]);
	});

	it('dated by nonsense is stored as of now', async () => {
		const stage = await openTaughtStage();
		// To the second, as Zendesk counts.
		const before = Math.floor(Date.now() / 1000) * 1000;
		expect(await tell(stage, { body: 'x' }, 'yesterday')).toEqual({ stored: 1, duplicates: 0 });
		const { written_at: writtenAt } = await stage.query
			.selectFrom('messages')
			.select('written_at')
			.executeTakeFirstOrThrow();
		expect(writtenAt.getTime()).toBeGreaterThanOrEqual(before);
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
		expect(own.length).toBeGreaterThan(0);
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
