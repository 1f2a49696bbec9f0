import { spawnSync } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { root } from '../../src/assemble.ts';
import { routeOf } from '../../src/tracing/route.ts';
import { openTracing, untraced } from '../../src/tracing/tracing.ts';
import { captureLog } from '../captured-log.ts';
import { openCollector, type ReceivedSpan } from '../fakes/collector.ts';
import { openTaughtStage, postWebhook, quietLog, type Stage, triggerBody } from '../stage.ts';

/** The product, followed, and everything that was sent by the time it has stopped as it stops in production. */
async function openFollowed(env: Record<string, string> = {}, log = quietLog) {
	const collector = await openCollector();
	const tracing = await openTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, ...env }, log);
	const stage = await openTaughtStage({ tracing, log, subscriptions: [], firstRetryMs: 20, sweepEveryMs: 60_000 });
	let stopping: Promise<void> | undefined;
	const stop = () => {
		stopping ??= (async () => {
			await stage.close();
			await tracing.close();
			await collector.close();
		})();
		return stopping;
	};
	onTestFinished(stop);
	return { stage, collector, stop };
}

const question = { subject: 'Delivery', body: 'How long does standard delivery take? ana@example.com' };
const write = (stage: Stage) => stage.customer.createTicket(question);

describe('a trace', () => {
	it('holds a ticket’s webhook, answer and delivery, and nothing of another’s', async () => {
		const { log, lines } = captureLog();
		const { stage, collector, stop } = await openFollowed({}, log);
		// All in one turn of the event loop, so that they share the transaction and the trip to the queue.
		const tickets = [write(stage), write(stage), write(stage)];
		await Promise.all(
			tickets.map(ticket => postWebhook(stage, triggerBody(ticket), { 'x-request-id': `request-${ticket.id}` })),
		);
		await stage.settle();
		const conversations = await stage.query.selectFrom('conversations').select(['id', 'external_id']).execute();
		await stop();

		const { spans } = collector;
		expect(new Set(spans.map(({ service }) => service))).toEqual(new Set(['understudy']));
		// The queue's own housekeeping begins none.
		const beginnings = spans.filter(({ parentSpanId }) => !parentSpanId).map(({ name }) => name);
		expect(new Set(beginnings)).toEqual(new Set(['POST /webhooks/zendesk', 'process index-article']));
		const traces = new Set<string>();
		for (const { id, external_id } of conversations) {
			const request = spans.find(span => span.attributes['understudy.request.id'] === `request-${external_id}`);
			const trace = spans.filter(({ traceId }) => traceId === request?.traceId);
			traces.add(String(request?.traceId));
			expect(request).toMatchObject({
				name: 'POST /webhooks/zendesk',
				attributes: { 'http.request.method': 'POST', 'http.response.status_code': 200 },
			});
			expect(pathOf(trace, 'PUT zendesk')).toEqual([
				...['PUT zendesk', 'deliver', 'respond', 'process respond'],
				...['inbox.accept', 'POST /webhooks/zendesk'],
			]);
			const names = trace.map(({ name }) => name);
			expect(names).toEqual(expect.arrayContaining(['turns.open', 'thinking.think', 'turns.conclude', 'outbox.sent']));
			const about = trace.map(({ attributes }) => attributes['understudy.conversation.id']).filter(Boolean);
			expect(new Set(about)).toEqual(new Set([id]));
			expect(trace.find(({ name }) => name === 'PUT zendesk')?.attributes).toEqual({
				'http.request.method': 'PUT',
				'http.response.status_code': 200,
				'server.address': '127.0.0.1',
				'url.template': '/api/v2/tickets/{id}',
				'understudy.vendor': 'zendesk',
			});
			const turn = lines.map(line => JSON.parse(line)).find(line => line.msg === 'turn' && line.conversationId === id);
			expect(turn.traceId).toBe(request?.traceId);
		}
		expect(traces.size).toBe(3);
	});

	it('goes on over failures, and tells nothing of what was written', async () => {
		const { stage, collector, stop } = await openFollowed();
		stage.sandbox.faults.api({ kind: 'status', status: 500, method: 'GET', times: 1 });
		await postWebhook(stage, triggerBody(write(stage)), { 'x-request-id': 'trouble' });
		await stage.settle();
		await stop();
		const failed = collector.spans.filter(({ attributes }) => attributes['error.type'] === 'VENDOR_UNCERTAIN');
		expect(failed.map(({ name }) => name)).toContain('respond');
		expect(pathOf(collector.spans, 'turns.conclude').at(-1)).toBe('POST /webhooks/zendesk');
		// BullMQ would tell a failure with its message.
		for (const word of ['ana@example.com', 'delivery take', 'Zendesk answered'])
			expect(collector.text()).not.toContain(word);
	});

	it('is begun as often as was asked for', async () => {
		const { stage, collector, stop } = await openFollowed({
			OTEL_TRACES_SAMPLER: 'traceidratio',
			OTEL_TRACES_SAMPLER_ARG: '0',
		});
		await postWebhook(stage, triggerBody(write(stage)));
		await stage.settle();
		await stop();
		expect(collector.spans).toEqual([]);
	});
});

describe('without an endpoint', () => {
	it('nothing is followed, and nothing of OpenTelemetry is loaded beyond what prom-client brings, nor a board', async () => {
		expect(await openTracing({}, quietLog)).toBe(untraced);
		const script = `
			import { registerHooks } from 'node:module';
			const loaded = [];
			registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
			await import('./src/assemble.ts');
			console.log(loaded.join('\\n'));`;
		const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root });
		const loaded = String(stdout).split('\n');
		expect(loaded.length).toBeGreaterThan(100);
		expect(loaded.filter(url => /bullmq-otel|@opentelemetry\/(?!api\/)|otlp-tracing|bull-board/.test(url))).toEqual([]);
	});

	it('a wrong setting is named', async () => {
		await expect(openTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' }, quietLog)).rejects.toThrow(
			'OTEL_EXPORTER_OTLP_ENDPOINT',
		);
	});

	it.each([
		['/api/v2/tickets/35436/comments.json?include=users', '/api/v2/tickets/{id}/comments.json'],
		['/api/v2/users/ana%40example.com.json', '/api/v2/users/{id}'],
		['/oauth/tokens', '/oauth/tokens'],
	])('%s is the route %s', (url, route) => {
		expect(routeOf(new URL(url, 'https://example.zendesk.com'))).toBe(route);
	});
});

/** The names from a span up to the beginning of its trace. */
function pathOf(spans: readonly ReceivedSpan[], name: string): string[] {
	const names: string[] = [];
	let span = spans.find(one => one.name === name);
	while (span) {
		names.push(span.name);
		const { parentSpanId } = span;
		span = spans.find(({ spanId }) => spanId === parentSpanId);
	}
	return names;
}
