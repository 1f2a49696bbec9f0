import { describe, expect, it } from 'vitest';
import { captureLog } from '../captured-log.ts';
import { openStage, openTaughtStage, postWebhook, triggerBody } from '../stage.ts';

describe('a request', () => {
	it('keeps the id a proxy gave it, and gets a new one for anything else', async () => {
		const { log, lines } = captureLog();
		const stage = await openStage({ log });
		const ask = (id?: string) =>
			stage.product.http.request('/webhooks/zendesk', {
				method: 'POST',
				body: '{}',
				...(id ? { headers: { 'x-request-id': id } } : {}),
			});
		expect((await ask('proxy-7.a_b')).headers.get('x-request-id')).toBe('proxy-7.a_b');
		for (const bad of [undefined, 'ana@example.com', 'a b', 'x'.repeat(65)]) {
			expect((await ask(bad)).headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
		}
		expect((await stage.product.http.request('/nowhere')).headers.get('x-request-id')).toBeTruthy();
		const refused = lines.map(line => JSON.parse(line)).filter(({ msg }) => msg === 'webhook refused');
		expect(refused).toHaveLength(5);
		expect(refused[0].requestId).toBe('proxy-7.a_b');
		expect(new Set(refused.map(({ requestId }) => requestId)).size).toBe(5);
	});

	it('is named by the lines of the work it caused, each ticket’s by its own', async () => {
		const { log, lines } = captureLog();
		const stage = await openTaughtStage({ log, subscriptions: [] });
		const asked = ['Ana', 'Ben', 'Cem'].map(() =>
			stage.customer.createTicket({ subject: 'Delivery', body: 'How long does standard delivery take?' }),
		);
		// All in one turn of the event loop, so that they share the transaction and the trip to the queue.
		const answers = await Promise.all(
			asked.map(ticket => postWebhook(stage, triggerBody(ticket), { 'x-request-id': `request-${ticket.id}` })),
		);
		expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
		await stage.settle();
		const conversations = await stage.query.selectFrom('conversations').select(['id', 'external_id']).execute();
		expect(conversations).toHaveLength(3);
		const turns = lines.map(line => JSON.parse(line)).filter(({ msg }) => msg === 'turn');
		for (const { id, external_id } of conversations) {
			expect(turns.filter(turn => turn.conversationId === id)).toMatchObject([
				{ stage: 'respond', requestId: `request-${external_id}` },
			]);
		}
	});

	it('is named where a job fails, with stage and conversation', async () => {
		const { log, lines } = captureLog();
		const stage = await openStage({ log, subscriptions: [], firstRetryMs: 20 });
		const ticket = stage.customer.createTicket({ subject: 'Delivery', body: 'How long?' });
		stage.sandbox.faults.api({ kind: 'status', status: 500, method: 'PUT', times: 1 });
		stage.sandbox.faults.api({ kind: 'status', status: 500, method: 'GET', times: 1 });
		await postWebhook(stage, triggerBody(ticket), { 'x-request-id': 'trouble' });
		await stage.settle();
		const said = lines.map(line => JSON.parse(line));
		const conversationId = said.find(({ msg }) => msg === 'turn').conversationId;
		expect(said.find(({ msg }) => msg === 'job failed')).toMatchObject({
			stage: 'respond',
			conversationId,
			requestId: 'trouble',
		});
		expect(said.find(({ msg }) => msg === 'delivery failed')).toMatchObject({ stage: 'deliver', conversationId });
	});
});
