import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { InMemorySpanExporter, SimpleSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import { expect, it } from 'vitest';
import { withoutWords } from '../../src/tracing/without-words.ts';
import { captureLog } from '../captured-log.ts';
import { quietLog } from '../stage.ts';

it('lets ids, figures and names pass, whoever made the span, and no sentence', () => {
	const exporter = new InMemorySpanExporter();
	const processor = new SimpleSpanProcessor({ exporter: withoutWords(exporter, quietLog) });
	const span = new TracerProvider({ spanProcessors: [processor] }).getTracer('test').startSpan('respond');
	span.setAttributes({
		'bullmq.job.id': '7',
		'bullmq.job.attempts.made': 2,
		'url.template': '/api/v2/tickets/{id}/comments.json',
		'bullmq.job.ids': ['7', '8'],
		words: 'my parcel is broken',
		address: 'ana@example.com',
		list: ['fine', 'not fine'],
	});
	span.addEvent('job failed', { 'bullmq.job.failed.reason': 'Prado' });
	span.recordException(new TypeError('Prado'));
	span.setStatus({ code: 2, message: 'Prado' });
	span.end();
	const [sent] = exporter.getFinishedSpans();
	expect(sent?.attributes).toEqual({
		'bullmq.job.id': '7',
		'bullmq.job.attempts.made': 2,
		'url.template': '/api/v2/tickets/{id}/comments.json',
		'bullmq.job.ids': ['7', '8'],
	});
	expect(sent?.events.map(({ name, attributes }) => ({ name, attributes }))).toEqual([
		{ name: 'job failed', attributes: {} },
		{ name: 'exception', attributes: { 'exception.type': 'TypeError' } },
	]);
	expect(sent?.status).toEqual({ code: 2 });
});

it('a collector that is away is told once, and once that it is back', () => {
	const { log, lines } = captureLog();
	let result: ExportResult = { code: ExportResultCode.FAILED, error: new Error('connect ECONNREFUSED') };
	const exporter: SpanExporter = { export: (_, done) => done(result), shutdown: async () => undefined };
	const guarded = withoutWords(exporter, log);
	for (let times = 0; times < 3; times++) guarded.export([], () => undefined);
	result = { code: ExportResultCode.SUCCESS };
	for (let times = 0; times < 3; times++) guarded.export([], () => undefined);
	expect(lines.map(line => JSON.parse(line).msg)).toEqual([
		expect.stringContaining('OTEL_EXPORTER_OTLP_ENDPOINT'),
		'the collector takes spans again',
	]);
});
