import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Received {
	headers: Record<string, string | string[] | undefined>;
	raw: string;
	// biome-ignore lint/suspicious/noExplicitAny: the wire shape under test
	json: any;
}

export interface Reply {
	status: number;
	headers?: Record<string, string>;
	/** Never answers. */
	silent?: boolean;
}

/** An endpoint that writes down what reaches it and answers what the test scripts, 200 once the script is over. */
export async function openReceiver(): Promise<{ url: string; received: Received[]; replies: Reply[] }> {
	const received: Received[] = [];
	const replies: Reply[] = [];
	const server = createServer(async (request, response) => {
		let raw = '';
		for await (const chunk of request) raw += chunk;
		received.push({ headers: request.headers, raw, json: JSON.parse(raw) });
		const reply = replies.shift() ?? { status: 200 };
		if (reply.silent !== true) response.writeHead(reply.status, reply.headers).end();
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received, replies };
}
