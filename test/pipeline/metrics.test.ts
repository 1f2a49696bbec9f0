import { expect, it } from 'vitest';
import { openStage, openTaughtStage, postWebhook } from '../stage.ts';

it('the page counts what happened, by tenant, and tells nothing of anybody', async () => {
	const stage = await openTaughtStage();
	const { customer, product, settle, sandbox } = stage;
	sandbox.faults.api({ kind: 'status', status: 429, retryAfterSeconds: 0, method: 'PUT', times: 1 });
	customer.createTicket({ subject: 'Delivery', body: 'How long does standard delivery take? ana@example.com' });
	customer.createTicket({ subject: 'Broken', body: 'My parcel is broken, it crashes.' });
	customer.createTicket({ subject: 'Human', body: 'I want a person.' });
	await settle();
	await postWebhook(stage, { nothing: 'known' });

	const answer = await product.http.request('/metrics');
	const page = await answer.text();
	expect(answer.headers.get('content-type')).toContain('text/plain');
	const value = (series: string) =>
		Number(
			page
				.split('\n')
				.find(line => line.startsWith(`${series} `))
				?.split(' ')[1],
		);
	expect(value('understudy_conversations_created_total{tenant="default"}')).toBe(3);
	expect(value('understudy_turns_total{tenant="default",became="answered"}')).toBe(1);
	expect(value('understudy_turns_total{tenant="default",became="handed_over"}')).toBe(1);
	expect(value('understudy_deliveries_total{tenant="default",kind="hand_over",outcome="sent"}')).toBe(1);
	expect(value('understudy_first_response_seconds_count{tenant="default"}')).toBe(2);
	expect(value('understudy_stage_seconds_count{stage="respond",outcome="done"}')).toBeGreaterThanOrEqual(3);
	expect(value('understudy_queue_waiting{stage="respond"}')).toBe(0);
	expect(value('understudy_oldest_seconds{what="outbox"}')).toBe(0);
	expect(value('understudy_dead_letters')).toBe(0);
	expect(page).toContain('understudy_process_nodejs_eventloop_lag');
	for (const secret of ['ana@example.com', 'Ana', 'parcel', 'Broken']) expect(page).not.toContain(secret);
});

it('what must answer is named one by one when it does not', async () => {
	const { product, queue } = await openStage();
	expect(await (await product.http.request('/ready')).json()).toEqual({
		status: 'ready',
		database: 'ok',
		queue: 'ok',
		zendesk: 'ok',
	});
	queue.ping = () => Promise.reject(new Error('Redis is away'));
	const answer = await product.http.request('/ready');
	expect(answer.status).toBe(503);
	expect(await answer.json()).toMatchObject({ status: 'not ready', database: 'ok', queue: 'Redis is away' });
});
