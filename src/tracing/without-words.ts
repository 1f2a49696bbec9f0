import type { Attributes, AttributeValue } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from '../log.ts';

/**
 * The last gate before the collector: ids, figures and names of ours pass, whoever made the span. What BullMQ notes of a
 * failure holds the error's message, and that may quote a customer. A collector that is away is told once.
 */
export function withoutWords(exporter: SpanExporter, log: Logger): SpanExporter {
	let isAway = false;
	return {
		export(spans, done) {
			exporter.export(spans.map(wordless), result => {
				const isLost = result.code !== ExportResultCode.SUCCESS;
				if (isLost && !isAway) {
					log.warn(
						{ err: result.error },
						'the collector that OTEL_EXPORTER_OTLP_ENDPOINT names does not take spans; they are lost until it does',
					);
				}
				if (!isLost && isAway) log.info({}, 'the collector takes spans again');
				isAway = isLost;
				done(result);
			});
		},
		shutdown: () => exporter.shutdown(),
		forceFlush: async () => exporter.forceFlush?.(),
	};
}

function wordless(span: ReadableSpan): ReadableSpan {
	const events = span.events.map(({ attributes, ...event }) => ({
		...event,
		attributes: namesOnly({ 'exception.type': attributes?.['exception.type'] }),
	}));
	return Object.create(span, {
		attributes: { value: namesOnly(span.attributes) },
		events: { value: events },
		status: { value: { code: span.status.code } },
	});
}

function namesOnly(attributes: Attributes): Attributes {
	return Object.fromEntries(Object.entries(attributes).filter(([, value]) => isNameOrFigure(value)));
}

/** No sentence and no address fits. */
const name = /^[\w.:/{}-]{0,100}$/;

function isNameOrFigure(value: AttributeValue | undefined): boolean {
	if (Array.isArray(value)) return value.every(item => isNameOrFigure(item ?? undefined));
	return typeof value !== 'string' || name.test(value);
}
