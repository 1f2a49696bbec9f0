import { expect, test } from 'vitest';
import { openStage } from './stage.ts';

test('past the calls of a minute the answer is 429 until the minute is over', async () => {
	let nowMs = Date.parse('2026-01-01T00:00:00Z');
	const { api, sandbox } = await openStage({ now: () => new Date(nowMs), rateLimits: { callsPerMinute: 2 } });
	const first = await api('GET', '/users/me');
	expect([first.headers.get('ratelimit-limit'), first.headers.get('ratelimit-remaining')]).toEqual(['2', '1']);
	await api('GET', '/users/me');
	nowMs += 15_000;
	const refused = await api('GET', '/users/me');
	expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '45']);
	expect(sandbox.rateLimiter.used().calls).toBe(3);
	nowMs += 45_000;
	expect((await api('GET', '/users/me')).status).toBe(200);
	sandbox.rateLimiter.setLimits(false);
	for (let call = 0; call < 4; call++) expect((await api('GET', '/users/me')).status).toBe(200);
});

test('one user updates one ticket so often in ten minutes, and another ticket still', async () => {
	const { api, sandbox, customerId } = await openStage({ rateLimits: { updatesPerTicketPer10Minutes: 2 } });
	const [a, b] = [1, 2].map(() => sandbox.as(customerId).createTicket({ body: 'Hello' }).id);
	const note = async (id: number | undefined) =>
		(await api('PUT', `/tickets/${id}.json`, { ticket: { comment: { body: 'n', public: false } } })).status;
	expect([await note(a), await note(a), await note(a), await note(b)]).toEqual([200, 200, 429, 200]);
	expect(sandbox.comments(a ?? 0)).toHaveLength(3);
});
