import { expect, test } from 'vitest';
import { openStage } from './stage.ts';

test('a user is found by id, several by their ids, and a stranger is not found', async () => {
	const { api, agentId, customerId } = await openStage();
	const one = await api('GET', `/users/${customerId}.json`);
	expect(one.json.user).toMatchObject({ id: customerId, role: 'end-user', locale: 'es', locale_id: 2 });
	const many = await api('GET', `/users/show_many.json?ids=${agentId},${customerId},77`);
	expect(many.json.users.map((user: { id: number }) => user.id)).toEqual([agentId, customerId]);
	expect((await api('GET', '/users/77.json')).json.error).toBe('RecordNotFound');
});

test('create_or_update creates once per e-mail and then updates', async () => {
	const { api } = await openStage();
	const create = (user: object) => api('POST', '/users/create_or_update.json', { user });
	const created = await create({ name: 'Grace', email: 'grace@home.test' });
	expect(created.status).toBe(201);
	const updated = await create({ name: 'Grace H.', email: 'GRACE@home.test', locale: 'fr' });
	expect(updated.status).toBe(200);
	expect(updated.json.user).toMatchObject({ id: created.json.user.id, name: 'Grace H.', locale: 'fr', locale_id: 16 });
});
