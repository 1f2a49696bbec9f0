import {
	type Attributes,
	context,
	propagation,
	type Span,
	SpanKind,
	type SpanOptions,
	SpanStatusCode,
	type Tracer,
} from '@opentelemetry/api';
import { isUnderstudyError } from '../errors.ts';
import { logContext, withLogContext } from '../log-context.ts';
import { wrapJobs } from '../wrap-jobs.ts';
import { routeOf } from './route.ts';
import type { Tracing } from './tracing.ts';

/** Where the product's own spans begin and end. Attributes are ids and figures. */
export function createSpans(tracer: Tracer): Omit<Tracing, 'queue' | 'close'> {
	const inSpan = <T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> =>
		tracer.startActiveSpan(name, options, async span => {
			try {
				return await work(span);
			} catch (error) {
				span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', typeOf(error));
				throw error;
			} finally {
				span.end();
			}
		});

	return {
		traceRequest(request, next) {
			const { method, path } = request.req;
			const { requestId } = logContext();
			const attributes = {
				'http.request.method': method,
				'http.route': path,
				...(requestId ? { 'understudy.request.id': requestId } : {}),
			};
			return context.with(propagation.extract(context.active(), request.req.header()), () =>
				inSpan(`${method} ${path}`, { kind: SpanKind.SERVER, attributes }, async span => {
					await withTraceInLog(span, next);
					noteStatus(span, request.res.status, 500);
				}),
			);
		},

		traceJobs: jobs =>
			wrapJobs(jobs, (stage, payload, run) => {
				const ids = Object.entries(payload).map(([key, id]) => [`understudy.${key.replace(/Id$/, '.id')}`, id]);
				const attributes: Attributes = { 'understudy.stage': stage, ...Object.fromEntries(ids) };
				return inSpan(stage, { attributes }, span => withTraceInLog(span, run));
			}),

		traceCalls<P extends object>(name: string, port: P): P {
			const traced = Object.entries(port).map(([method, call]) => [
				method,
				(...args: unknown[]) => inSpan(`${name}.${method}`, {}, () => call.apply(port, args)),
			]);
			return Object.fromEntries(traced) as P;
		},

		traceSend: (vendor, send) => request => {
			const attributes = {
				'http.request.method': request.method,
				'server.address': request.url.hostname,
				'url.template': routeOf(request.url),
				'understudy.vendor': vendor,
			};
			return inSpan(`${request.method} ${vendor}`, { kind: SpanKind.CLIENT, attributes }, async span => {
				const answer = await send(request);
				noteStatus(span, answer.status, 400);
				return answer;
			});
		},
	};
}

function withTraceInLog<T>(span: Span, work: () => T): T {
	return withLogContext({ traceId: span.spanContext().traceId }, work);
}

function noteStatus(span: Span, status: number, faultyFrom: number): void {
	span.setAttribute('http.response.status_code', status);
	if (status >= faultyFrom) span.setStatus({ code: SpanStatusCode.ERROR });
}

/** What kind of error, never its message: that may quote a customer. */
function typeOf(error: unknown): string {
	if (isUnderstudyError(error)) return error.code;
	return error instanceof Error ? error.name : typeof error;
}
