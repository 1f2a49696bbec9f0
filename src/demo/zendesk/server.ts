import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiFault, FaultSource } from './faults.ts';

export interface SandboxServer {
	url: string;
	/** Requests received, struck by a fault or not, by method and path: `GET /api/v2/tickets/:id`. */
	calls(): Record<string, number>;
	close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1 in place of the emulator's own server, which cannot break a connection: a fault strikes between
 * the socket and the emulator, before or after the request has had its effect.
 */
export async function startServer(
	port: number,
	faults: FaultSource,
	handle: (request: Request) => Promise<Response>,
): Promise<SandboxServer> {
	const calls = new Map<string, number>();
	const closing = new AbortController();
	const serve = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
		const request = await readRequest(incoming);
		const { pathname } = new URL(request.url);
		const route = `${request.method} ${routeOf(pathname)}`;
		calls.set(route, (calls.get(route) ?? 0) + 1);
		const isApi = /^\/(api|oauth)\//.test(pathname);
		const fault = isApi ? faults.strikeRequest(request.method, pathname) : undefined;
		const response =
			fault === undefined ? await handle(request) : await misbehave(fault, request, handle, closing.signal);
		if (response === undefined) outgoing.destroy();
		else await writeResponse(outgoing, response);
	};
	const server = createServer((incoming, outgoing) => {
		// Whatever breaks in here is a broken connection to the client, as it would be from the real one.
		serve(incoming, outgoing).catch(() => outgoing.destroy());
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		calls: () => Object.fromEntries(calls),
		async close() {
			closing.abort();
			const closed = new Promise(resolve => server.close(resolve));
			server.closeAllConnections();
			await closed;
		},
	};
}

/** The answer of a struck request; undefined is a broken connection. */
async function misbehave(
	fault: ApiFault,
	request: Request,
	handle: (request: Request) => Promise<Response>,
	stop: AbortSignal,
): Promise<Response | undefined> {
	if (fault.kind === 'slow') {
		await sleep(fault.ms ?? 1000, undefined, { signal: stop });
		return handle(request);
	}
	if (fault.afterEffect === true) await (await handle(request)).arrayBuffer();
	if (fault.kind === 'hang') await sleep(fault.ms ?? 60_000, undefined, { signal: stop });
	if (fault.kind !== 'status') return undefined;
	const status = fault.status ?? 500;
	const headers = fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
	return Response.json({ error: status === 429 ? 'APIRateLimitExceeded' : 'InternalError' }, { status, headers });
}

/** Ids out, so that calls of one route count together. */
function routeOf(pathname: string): string {
	const isId = (segment: string) => /^\d+$|^[0-9A-HJKMNP-TV-Z]{26}$/.test(segment);
	const segments = pathname.replace(/\.json$/, '').split('/');
	return segments.map(segment => (isId(segment) ? ':id' : segment)).join('/');
}

async function readRequest(incoming: IncomingMessage): Promise<Request> {
	const chunks: Buffer[] = [];
	for await (const chunk of incoming) chunks.push(chunk as Buffer);
	const method = incoming.method ?? 'GET';
	const headers = new Headers();
	for (const [name, value] of Object.entries(incoming.headers)) {
		if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
	}
	const hasBody = method !== 'GET' && method !== 'HEAD';
	const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? '127.0.0.1'}`);
	return new Request(url, { method, headers, ...(hasBody && { body: Buffer.concat(chunks) }) });
}

async function writeResponse(outgoing: ServerResponse, response: Response): Promise<void> {
	const body = Buffer.from(await response.arrayBuffer());
	outgoing.writeHead(response.status, Object.fromEntries(response.headers));
	outgoing.end(body);
}
