import type { Telemetry } from 'bullmq';
import type { MiddlewareHandler } from 'hono';
import { z } from 'zod';
import { type Environment, readSettings } from '../config.ts';
import type { SendHttp } from '../http-client.ts';
import type { Logger } from '../log.ts';
import type { Jobs } from '../pipeline.ts';

/** Follows a ticket from its webhook through queue, stages and vendors, whatever processes it passes. */
export interface Tracing {
	/** What BullMQ hands a trace on with; none where nothing is followed. */
	queue?: Telemetry;
	/** A span around a request, the beginning of what follows from it. */
	traceRequest: MiddlewareHandler;
	/** Jobs whose every run is a span. */
	traceJobs<J extends Jobs>(jobs: J): J;
	/** A port whose every call is a span. Work that a batch does for many shows as what each of them waited. */
	traceCalls<P extends Asynchronous<P>>(name: string, port: P): P;
	/** Calls to a vendor, each a span that names method, host, route and status. */
	traceSend(vendor: string, send: SendHttp): SendHttp;
	/** Sends what has not been sent yet, as far as the collector answers soon. */
	close(): Promise<void>;
}

/** Every member of a port, where all of them take their time. */
type Asynchronous<P> = { [K in keyof P]: (...args: never[]) => Promise<unknown> };

/** Nothing is followed, and nothing of it costs. */
export const untraced: Tracing = {
	traceRequest: (_context, next) => next(),
	traceJobs: jobs => jobs,
	traceCalls: (_name, port) => port,
	traceSend: (_vendor, send) => send,
	close: async () => undefined,
};

/** OpenTelemetry's own names. Those that only concern the way to the collector are read by its exporter itself. */
export const TracingSettings = z.object({
	OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
	OTEL_TRACES_SAMPLER: z
		.enum(['always_on', 'always_off', 'traceidratio'].flatMap(name => [name, `parentbased_${name}`]))
		.default('parentbased_always_on'),
	OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
});
export type TracingSettings = z.infer<typeof TracingSettings>;

/** Where no endpoint is set nothing of OpenTelemetry is even loaded: it takes memory, and time at the start. */
export async function openTracing(env: Environment, log: Logger): Promise<Tracing> {
	const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...settings } = readSettings(TracingSettings, env);
	if (!endpoint) return untraced;
	const { createOtlpTracing } = await import('./otlp-tracing.ts');
	return createOtlpTracing(endpoint, settings, log);
}
