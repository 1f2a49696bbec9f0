import { z } from 'zod';
import { UnderstudyError } from '../../src/errors.ts';
import { createHttpClient, type HttpAnswer, type HttpRequest, type SendHttp } from '../../src/http-client.ts';
import { apiTokensEnd, type ZendeskSettings } from './config.ts';
import { OauthToken } from './schema.ts';

/** Calls to Zendesk that are either answered 2xx or throw an error of ours. */
export interface Transport {
	/** @param url absolute, or a path from the account's root. */
	send(url: string, init?: { method?: string; body?: string | undefined }): Promise<HttpAnswer>;
}

export interface TransportOptions {
	send?: SendHttp;
	timeoutMs?: number;
	now?: () => number;
}

/** A token is minted anew this long before it ends. */
const renewBeforeMs = 60_000;

/** Credentials, timeouts and typed errors around HTTP. No retries: the outbox decides about those. */
export function createTransport(settings: ZendeskSettings, options: TransportOptions = {}): Transport {
	const { timeoutMs = 10_000, now = Date.now } = options;
	const { send = createHttpClient({ timeoutMs }) } = options;
	let token: { value: string; endsAt: number } | undefined;
	let minting: Promise<string> | undefined;

	const call = async (path: string, init: Omit<HttpRequest, 'url'>): Promise<HttpAnswer> => {
		try {
			return await send({ ...init, url: new URL(path, `${settings.url}/`) });
		} catch (cause) {
			// Nobody listening means that nothing happened; anything else may have happened after all.
			const code = isRefusedConnection(cause) ? 'VENDOR_BUSY' : 'VENDOR_UNCERTAIN';
			throw new UnderstudyError(code, `Zendesk did not answer (${(cause as Error).message})`, { cause });
		}
	};

	const mint = async (clientId: string, clientSecret: string): Promise<string> => {
		const answer = await call('/oauth/tokens', {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({
				grant_type: 'client_credentials',
				client_id: clientId,
				client_secret: clientSecret,
				scope: 'read write',
			}),
		});
		if (!isOk(answer)) throw refusedLogin(answer);
		const { access_token: value, expires_in: seconds = 7200 } = OauthToken.parse(JSON.parse(answer.text));
		token = { value, endsAt: now() + 1000 * seconds };
		return value;
	};

	const authorization = async (): Promise<string> => {
		const { credentials } = settings;
		if (credentials.kind === 'token') {
			return `Basic ${Buffer.from(`${credentials.email}/token:${credentials.apiToken}`).toString('base64')}`;
		}
		if (token && token.endsAt - renewBeforeMs > now()) return `Bearer ${token.value}`;
		// Many calls at once mint one token between them.
		minting ??= mint(credentials.clientId, credentials.clientSecret).finally(() => {
			minting = undefined;
		});
		return `Bearer ${await minting}`;
	};

	return {
		async send(url, init = {}) {
			const request = async () =>
				call(url, {
					method: init.method ?? 'GET',
					headers: {
						authorization: await authorization(),
						accept: 'application/json',
						...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
					},
					...(init.body === undefined ? {} : { body: init.body }),
				});
			let answer = await request();
			if (answer.status === 401 && settings.credentials.kind === 'oauth') {
				token = undefined;
				answer = await request();
			}
			if (isOk(answer)) return answer;
			throw errorOf(answer);
		},
	};
}

/** A sentence for the log where the credentials are of the kind that Zendesk is ending. */
export function credentialsWarning({ credentials }: ZendeskSettings): string | undefined {
	if (credentials.kind === 'oauth') return undefined;
	return `ZENDESK_API_TOKEN stops working on ${apiTokensEnd}: create an OAuth client in Zendesk and set ZENDESK_CLIENT_ID and ZENDESK_CLIENT_SECRET.`;
}

const Fault = z.object({
	error: z.union([z.string(), z.object({ title: z.string().optional() })]).optional(),
	description: z.string().optional(),
	details: z.unknown().optional(),
});

const isOk = ({ status }: HttpAnswer) => status >= 200 && status < 300;

/** Whatever Zendesk dislikes about a login, an operator may be mending it. */
function refusedLogin(answer: HttpAnswer): UnderstudyError {
	const error = errorOf(answer);
	if (error.retryable) return error;
	return new UnderstudyError('VENDOR_UNAUTHORIZED', `${error.message}: are client id and secret right?`);
}

function errorOf({ status, text: body, header }: HttpAnswer): UnderstudyError {
	const message = `Zendesk answered ${status}${describe(body)}`;
	const seconds = Number(header('retry-after'));
	const options = Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: 1000 * seconds } : {};
	if (status === 429) return new UnderstudyError('VENDOR_BUSY', message, options);
	if (status >= 500) return new UnderstudyError('VENDOR_UNCERTAIN', message, options);
	if (status === 401) return new UnderstudyError('VENDOR_UNAUTHORIZED', message);
	if (status === 404) return new UnderstudyError('THREAD_MISSING', message);
	if (status === 409) return new UnderstudyError('VENDOR_CONFLICT', message);
	if (status === 422 && /closed/i.test(body)) return new UnderstudyError('THREAD_CLOSED', message);
	return new UnderstudyError('VENDOR_REFUSED', message);
}

/** Zendesk's own words on the fault, never the request's: those may hold a customer's. */
function describe(body: string): string {
	try {
		const { error, description } = Fault.parse(JSON.parse(body));
		const name = typeof error === 'string' ? error : error?.title;
		return name || description ? `: ${[name, description].filter(Boolean).join(', ')}` : '';
	} catch {
		return '';
	}
}

function isRefusedConnection(error: unknown): boolean {
	const codes = [error, (error as Error).cause].map(one => (one as NodeJS.ErrnoException | undefined)?.code);
	return codes.some(code => code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN');
}
