import { createClient } from 'node-zendesk';
import { expect, test } from 'vitest';
import { openStage } from './stage.ts';

test('node-zendesk reads and writes the sandbox as it would Zendesk', async () => {
	const { sandbox, customerId } = await openStage();
	const { email, token } = { email: sandbox.credentials.botEmail, token: sandbox.credentials.apiToken };
	const client = createClient({ username: email, token, endpointUri: `${sandbox.url}/api/v2` });
	const { id } = sandbox.as(customerId).createTicket({ body: 'Hello' });
	await client.tickets.update(id, { ticket: { comment: { body: 'A draft', public: false } } });
	const comments: unknown = await client.tickets.getComments(id);
	expect(comments).toMatchObject([{ body: 'Hello' }, { body: 'A draft', public: false }]);
	const audits: unknown = await client.tickets.exportAudit(id);
	expect(audits).toHaveLength(2);
	const listed: unknown = await client.tickets.list();
	expect(listed).toMatchObject([{ id }]);
	const created: unknown = await client.webhooks.create({
		webhook: { name: 'w', endpoint: 'http://127.0.0.1:9/', subscriptions: ['zen:event-type:ticket.created'] },
	});
	expect(created).toMatchObject({ result: { name: 'w', status: 'active' } });
	await expect(client.tickets.show(99)).rejects.toThrow('404');
});
