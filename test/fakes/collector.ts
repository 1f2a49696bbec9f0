import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as it arrived. */
export interface ReceivedSpan {
	name: string;
	traceId: string;
	spanId: string;
	parentSpanId?: string;
	kind: number;
	service: string;
	attributes: Record<string, unknown>;
}

/** An OpenTelemetry collector that takes OTLP over HTTP, as JSON, and keeps it. */
export interface Collector {
	endpoint: string;
	spans: ReceivedSpan[];
	/** Everything that was sent, as it was written. */
	text(): string;
	close(): Promise<void>;
}

export async function openCollector(): Promise<Collector> {
	const bodies: string[] = [];
	const spans: ReceivedSpan[] = [];
	const server = createServer(async (request, response) => {
		let body = '';
		for await (const chunk of request) body += chunk;
		bodies.push(body);
		spans.push(...readSpans(JSON.parse(body)));
		response.setHeader('content-type', 'application/json').end('{}');
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	return {
		endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		spans,
		text: () => bodies.join('\n'),
		close: () =>
			new Promise(resolve => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

interface Attribute {
	key: string;
	value: Record<string, unknown>;
}

interface Export {
	resourceSpans: {
		resource: { attributes: Attribute[] };
		scopeSpans: { spans: (Omit<ReceivedSpan, 'attributes'> & { attributes: Attribute[] })[] }[];
	}[];
}

function readSpans({ resourceSpans }: Export): ReceivedSpan[] {
	return resourceSpans.flatMap(({ resource, scopeSpans }) => {
		const service = String(readAttributes(resource.attributes)['service.name']);
		return scopeSpans.flatMap(scope =>
			scope.spans.map(span => ({ ...span, service, attributes: readAttributes(span.attributes) })),
		);
	});
}

function readAttributes(attributes: Attribute[]): Record<string, unknown> {
	return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
