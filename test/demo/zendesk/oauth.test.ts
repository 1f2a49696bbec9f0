import { expect, test } from 'vitest';
import { apiWith, openStage, send } from './stage.ts';

test('a minted token acts as the bot and a wrong one is refused', async () => {
	const { sandbox, api } = await openStage();
	const me = await api('GET', '/users/me.json');
	expect(me.json.user).toMatchObject({ id: sandbox.botId, role: 'admin', email: sandbox.credentials.botEmail });

	for (const authorization of ['', 'Bearer nonsense', 'Bearer sandbox-user-1']) {
		const refused = await apiWith(sandbox.url, authorization)('GET', '/users/me.json');
		expect(refused.status).toBe(401);
		expect(refused.json).toEqual({ error: "Couldn't authenticate you" });
	}
});

test('a token ends with its expires_in and when it is revoked', async () => {
	let nowMs = Date.parse('2026-01-01T00:00:00Z');
	const { sandbox } = await openStage({ now: () => new Date(nowMs) });
	const { clientId, clientSecret } = sandbox.credentials;
	const mint = async (expires_in: number, client_secret = clientSecret) =>
		send(sandbox.url, 'POST', '/oauth/tokens', {
			grant_type: 'client_credentials',
			client_id: clientId,
			client_secret,
			expires_in,
		});
	expect((await mint(10)).status).toBe(400);
	expect((await mint(300, 'wrong')).status).toBe(401);

	const minted = await mint(300);
	expect(minted.json).toMatchObject({ token_type: 'bearer', expires_in: 300 });
	const api = apiWith(sandbox.url, `Bearer ${minted.json.access_token}`);
	nowMs += 299_000;
	expect((await api('GET', '/users/me')).status).toBe(200);
	nowMs += 2000;
	expect((await api('GET', '/users/me')).status).toBe(401);

	const second = apiWith(sandbox.url, `Bearer ${(await mint(300)).json.access_token}`);
	expect((await second('GET', '/users/me')).status).toBe(200);
	sandbox.revokeTokens();
	expect((await second('GET', '/users/me')).status).toBe(401);
});

test('an API token signs in the agent of its e-mail, not a customer', async () => {
	const { sandbox, agentId } = await openStage();
	const basic = (email: string, token: string) =>
		apiWith(sandbox.url, `Basic ${Buffer.from(`${email}/token:${token}`).toString('base64')}`)('GET', '/users/me');
	expect((await basic('ada@shop.test', sandbox.credentials.apiToken)).json.user.id).toBe(agentId);
	expect((await basic('ada@shop.test', 'wrong')).status).toBe(401);
	expect((await basic('carlos@home.test', sandbox.credentials.apiToken)).status).toBe(401);
});
