import { expect, test } from 'vitest';
import { openStage } from './stage.ts';

test('the next matching requests are answered with an error and have no effect', async () => {
	const { api, sandbox, customerId } = await openStage();
	const { id } = sandbox.as(customerId).createTicket({ body: 'Hello' });
	sandbox.faults.api({ kind: 'status', status: 429, retryAfterSeconds: 7, method: 'PUT', path: '/tickets/', times: 2 });
	const reply = () => api('PUT', `/tickets/${id}.json`, { ticket: { comment: { body: 'Hi' } } });
	expect((await api('GET', `/tickets/${id}.json`)).status).toBe(200);
	const refused = await reply();
	expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7']);
	expect((await reply()).status).toBe(429);
	expect(sandbox.publicComments(id)).toHaveLength(1);
	expect((await reply()).status).toBe(200);
	expect(sandbox.publicComments(id)).toHaveLength(2);
	expect(sandbox.calls()['PUT /api/v2/tickets/:id']).toBe(3);
	expect(sandbox.faults.struck()).toBe(2);
});

test('after the effect, the answer can be an error, a broken connection or a silence', async () => {
	const { api, sandbox, customerId } = await openStage();
	const { id } = sandbox.as(customerId).createTicket({ body: 'Hello' });
	const reply = (body: string) => api('PUT', `/tickets/${id}.json`, { ticket: { comment: { body } } });
	sandbox.faults.api({ kind: 'status', status: 500, afterEffect: true });
	expect((await reply('one')).status).toBe(500);
	sandbox.faults.api({ kind: 'drop', afterEffect: true });
	await expect(reply('two')).rejects.toThrow('fetch failed');
	sandbox.faults.api({ kind: 'hang', ms: 30, afterEffect: true });
	await expect(reply('three')).rejects.toThrow('fetch failed');
	expect(sandbox.publicComments(id).map(({ body }) => body)).toEqual(['Hello', 'one', 'two', 'three']);
	sandbox.faults.api({ kind: 'drop' });
	await expect(reply('never')).rejects.toThrow('fetch failed');
	expect(sandbox.publicComments(id)).toHaveLength(4);
});

test('a slow request is answered late, and a hung one ends with the sandbox', async () => {
	const { api, sandbox } = await openStage();
	sandbox.faults.api({ kind: 'slow', ms: 60, path: /users\/me/ });
	const startedMs = performance.now();
	expect((await api('GET', '/users/me.json')).status).toBe(200);
	expect(performance.now() - startedMs).toBeGreaterThan(55);
	sandbox.faults.api({ kind: 'hang', ms: 60_000 });
	const hung = api('GET', '/users/me.json').catch(() => 'broken');
	await expect.poll(() => sandbox.faults.struck()).toBe(2);
	await sandbox.close();
	expect(await hung).toBe('broken');
});

test('a probability decides by the injected randomness until it is switched off', async () => {
	const rolls = [0.1, 0.9, 0.2];
	const { api, sandbox } = await openStage({ random: () => rolls.shift() ?? 0 });
	const disarm = sandbox.faults.api({ kind: 'status', status: 503, probability: 0.5 });
	const statuses = [];
	for (let call = 0; call < 3; call++) statuses.push((await api('GET', '/users/me')).status);
	expect(statuses).toEqual([503, 200, 503]);
	disarm();
	expect((await api('GET', '/users/me')).status).toBe(200);
});
