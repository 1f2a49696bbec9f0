import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { EmulatorContext } from 'emulate';
import { notAuthenticated } from './api-error.ts';
import { type Desk, isStaff } from './desk.ts';
import { TokenRequest } from './schema.ts';
import type { User } from './state.ts';
import { findUserByEmail } from './users.ts';

/** What a client must show to be let in. */
export interface Credentials {
	/** OAuth client of the `client_credentials` grant; its tokens act as `botEmail`. */
	clientId: string;
	clientSecret: string;
	/** Legacy basic auth: `email/token:apiToken`, for any agent's e-mail. */
	apiToken: string;
	botEmail: string;
}

type App = EmulatorContext<object>['app'];

/** `POST /oauth/tokens`: mints a bearer token for the bot agent. */
export function routeOauth(app: App, desk: Desk, credentials: Credentials): void {
	app.post('/oauth/tokens', async c => {
		const request = TokenRequest.safeParse(await c.req.parseBody());
		if (!request.success) return c.json({ error: 'invalid_request', error_description: request.error.message }, 400);
		const { grant_type, client_id, client_secret, scope, expires_in } = request.data;
		if (grant_type !== 'client_credentials') return c.json({ error: 'unsupported_grant_type' }, 400);
		if (client_id !== credentials.clientId || !isSame(client_secret, credentials.clientSecret)) {
			return c.json({ error: 'invalid_client', error_description: 'Client authentication failed' }, 401);
		}
		const bot = findUserByEmail(desk.state(), credentials.botEmail);
		if (bot === undefined) return c.json({ error: 'invalid_client', error_description: 'The bot user is gone' }, 401);
		const token = randomBytes(32).toString('hex');
		desk.state().accessTokens[token] = { userId: bot.id, expiresAtMs: desk.now().getTime() + expires_in * 1000 };
		return c.json({ access_token: token, token_type: 'bearer', scope, expires_in });
	});
}

/**
 * Who a request acts as: the bot by its OAuth token, any agent by e-mail and API token, or anybody at all by
 * `sandbox-user-<id>`, a bearer token Zendesk does not have. Throws 401 otherwise.
 */
export function authenticate(desk: Desk, credentials: Credentials, authorization: string | undefined): User {
	const [scheme, secret] = (authorization ?? '').split(' ', 2);
	const user =
		scheme?.toLowerCase() === 'bearer'
			? userOfBearer(desk, secret ?? '')
			: scheme?.toLowerCase() === 'basic'
				? userOfBasic(desk, credentials, secret ?? '')
				: undefined;
	if (user === undefined) throw notAuthenticated();
	return user;
}

function userOfBearer(desk: Desk, token: string): User | undefined {
	const state = desk.state();
	const impersonated = /^sandbox-user-(\d+)$/.exec(token)?.[1];
	if (impersonated !== undefined) return state.users[impersonated];
	const known = state.accessTokens[token];
	return known !== undefined && known.expiresAtMs > desk.now().getTime() ? state.users[known.userId] : undefined;
}

function userOfBasic(desk: Desk, credentials: Credentials, encoded: string): User | undefined {
	const [, email, apiToken] = /^(.+)\/token:(.*)$/.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
	if (email === undefined || apiToken === undefined || !isSame(apiToken, credentials.apiToken)) return undefined;
	const user = findUserByEmail(desk.state(), email);
	return user !== undefined && isStaff(user) ? user : undefined;
}

function isSame(a: string, b: string): boolean {
	const [left, right] = [Buffer.from(a), Buffer.from(b)];
	return left.length === right.length && timingSafeEqual(left, right);
}
