import { setTimeout as sleep } from 'node:timers/promises';
import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
	detectResources,
	envDetector,
	resourceFromAttributes,
	serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Telemetry } from 'bullmq';
import { BullMQOtel } from 'bullmq-otel';
import type { Logger } from '../log.ts';
import { createSampler } from './sampler.ts';
import { createSpans } from './spans.ts';
import type { Tracing, TracingSettings } from './tracing.ts';
import { withoutWords } from './without-words.ts';

/** How long a stop waits for a collector. */
const farewellMs = 3000;

/** Spans over OTLP (HTTP, JSON). One at a time in a process: BullMQ's spans go through OpenTelemetry's globals. */
export function createOtlpTracing(
	endpoint: string,
	settings: Pick<TracingSettings, 'OTEL_TRACES_SAMPLER' | 'OTEL_TRACES_SAMPLER_ARG'>,
	log: Logger,
): Tracing {
	const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
	const provider = new TracerProvider({
		// What is set in the environment wins.
		resource: resourceFromAttributes({ 'service.name': 'understudy' }).merge(
			detectResources({ detectors: [serviceInstanceIdDetector, envDetector] }),
		),
		sampler: createSampler(settings),
		spanProcessors: [new BatchSpanProcessor({ exporter: withoutWords(exporter, log) })],
	});
	trace.setGlobalTracerProvider(provider);
	context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
	propagation.setGlobalPropagator(new W3CTraceContextPropagator());

	return {
		...createSpans(trace.getTracer('understudy')),
		queue: telemetryOf(new BullMQOtel({ tracerName: 'bullmq' })),
		async close() {
			await Promise.race([provider.shutdown().catch(() => undefined), sleep(farewellMs, undefined, { ref: false })]);
			for (const global of [trace, context, propagation]) global.disable();
		},
	};
}

/** With a way out of every trace, which BullMQ wants for the loops that go on for ever and the adapter does not give it. */
function telemetryOf({ tracer, contextManager }: Telemetry): Telemetry {
	return { tracer, contextManager: Object.assign(contextManager, { root: () => ROOT_CONTEXT }) };
}
