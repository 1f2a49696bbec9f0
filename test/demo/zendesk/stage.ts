import { onTestFinished } from 'vitest';
import type { SandboxOptions } from '../../../src/demo/zendesk/options.ts';
import { createZendeskSandbox, type ZendeskSandbox } from '../../../src/demo/zendesk/sandbox.ts';

/** An answer of the API; `json` is left loose, as each test reads what it is about. */
export interface Answer {
	status: number;
	headers: Headers;
	// biome-ignore lint/suspicious/noExplicitAny: the wire shape under test
	json: any;
}

export type CallApi = (
	method: string,
	path: string,
	body?: object,
	headers?: Record<string, string>,
) => Promise<Answer>;

export interface Stage {
	sandbox: ZendeskSandbox;
	agentId: number;
	customerId: number;
	/** Calls the API as the bot, by its OAuth token. */
	api: CallApi;
	apiAs(userId: number): CallApi;
}

/** A sandbox with one agent and one customer, quick webhook retries, and gone when the test is. */
export async function openStage(options: SandboxOptions = {}): Promise<Stage> {
	const sandbox = await createZendeskSandbox({
		rateLimits: false,
		delivery: { timeoutMs: 5000, retryDelayMs: 5, retryAfterSecondMs: 5 },
		hasUniqueStamps: true,
		...options,
	});
	onTestFinished(() => sandbox.close());
	const agent = sandbox.addUser({ name: 'Ada Agent', email: 'ada@shop.test', role: 'agent' });
	const customer = sandbox.addUser({ name: 'Carlos', email: 'carlos@home.test', locale: 'es' });
	const { clientId: client_id, clientSecret: client_secret } = sandbox.credentials;
	const minted = await send(sandbox.url, 'POST', '/oauth/tokens', {
		grant_type: 'client_credentials',
		client_id,
		client_secret,
	});
	return {
		sandbox,
		agentId: agent.id,
		customerId: customer.id,
		api: apiWith(sandbox.url, `Bearer ${minted.json.access_token}`),
		apiAs: userId => apiWith(sandbox.url, `Bearer sandbox-user-${userId}`),
	};
}

export function apiWith(url: string, authorization: string): CallApi {
	return (method, path, body, headers) => send(url, method, `/api/v2${path}`, body, { authorization, ...headers });
}

export async function send(
	url: string,
	method: string,
	path: string,
	body?: object,
	headers: Record<string, string> = {},
): Promise<Answer> {
	const response = await fetch(url + path, {
		method,
		headers: { 'content-type': 'application/json', ...headers },
		...(body !== undefined && { body: JSON.stringify(body) }),
	});
	const text = await response.text();
	return { status: response.status, headers: response.headers, json: text === '' ? null : JSON.parse(text) };
}
