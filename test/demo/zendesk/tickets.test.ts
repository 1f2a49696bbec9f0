import { describe, expect, test } from 'vitest';
import { openStage } from './stage.ts';

describe('creating', () => {
	test('the requester is made a user and authors the first comment, though the bot sent the request', async () => {
		const { api, sandbox } = await openStage();
		const { status, json } = await api('POST', '/tickets.json', {
			ticket: {
				subject: 'Bestellung',
				requester: { name: 'Uta', email: 'uta@home.test', locale_id: 8 },
				comment: { body: 'Wo ist meine Bestellung?' },
				tags: ['Web Form', 'vip'],
				external_id: 'abc',
			},
		});
		expect(status).toBe(201);
		expect(json.ticket).toMatchObject({ id: 1, status: 'new', tags: ['form', 'vip', 'web'], external_id: 'abc' });
		expect(json.ticket.via.channel).toBe('api');
		const [first] = sandbox.publicComments(1);
		expect(first).toMatchObject({ author_id: json.ticket.requester_id, plain_body: 'Wo ist meine Bestellung?' });
		expect(json.audit.author_id).toBe(sandbox.botId);
		const shown = await api('GET', '/tickets/1.json?include=users');
		expect(shown.json.users).toMatchObject([{ name: 'Uta', locale: 'de' }]);
		expect((await api('GET', '/tickets.json?external_id=abc')).json.tickets).toMatchObject([{ id: 1 }]);
		expect((await api('GET', '/tickets.json?external_id=abd')).json.tickets).toEqual([]);
	});

	test('an Idempotency-Key creates once, and refuses another body', async () => {
		const { api, sandbox } = await openStage();
		const create = (body: string) =>
			api('POST', '/tickets', { ticket: { subject: 's', comment: { body } } }, { 'idempotency-key': 'k1' });
		const [first, second, other] = [await create('one'), await create('one'), await create('two')];
		expect(first.headers.get('x-idempotency-lookup')).toBe('miss');
		expect(second.headers.get('x-idempotency-lookup')).toBe('hit');
		expect(second.json.ticket.id).toBe(first.json.ticket.id);
		expect(other.status).toBe(400);
		expect(sandbox.tickets()).toHaveLength(1);
	});
});

describe('updating', () => {
	test('a comment by another author is shown as theirs, while the audit keeps who sent it', async () => {
		const { api, sandbox, customerId, agentId } = await openStage();
		const { id } = sandbox.as(customerId).createTicket({ body: 'Hello' });
		await api('PUT', `/tickets/${id}.json`, {
			ticket: {
				comment: { html_body: '<p>Hi <b>you</b><script>x</script></p>', author_id: agentId },
				metadata: { draft_id: 'd1' },
			},
		});
		const reply = sandbox.publicComments(id).at(-1);
		expect(reply).toMatchObject({ author_id: agentId, plain_body: 'Hi you' });
		expect(reply?.html_body).not.toContain('script');
		const { json } = await api('GET', `/tickets/${id}/audits.json`);
		const audit = json.audits.at(-1);
		expect(audit).toMatchObject({ author_id: sandbox.botId, metadata: { custom: { draft_id: 'd1' } } });
		expect(audit.events[0]).toMatchObject({ type: 'Comment', id: reply?.id, author_id: agentId, public: true });
	});

	test('a safe update passes with the newest stamp only, and a refused one changes nothing', async () => {
		const { api, sandbox, customerId } = await openStage();
		const { id, updated_at: stale } = sandbox.as(customerId).createTicket({ body: 'Hello' });
		sandbox.as(customerId).comment(id, 'Anyone?');
		const reply = (updated_stamp: string) =>
			api('PUT', `/tickets/${id}.json`, { ticket: { comment: { body: 'Hi' }, safe_update: true, updated_stamp } });
		const refused = await reply(stale);
		expect([refused.status, refused.json.error]).toEqual([409, 'UpdateConflict']);
		expect(sandbox.publicComments(id)).toHaveLength(2);
		expect((await reply(sandbox.ticket(id).updated_at)).status).toBe(200);
	});

	test.each([
		[false, ['00', '00', '00']],
		[true, ['01', '02', '03']],
	])('updates within a second share an updated_at, unless told otherwise: %s', async (hasUniqueStamps, seconds) => {
		const now = () => new Date('2026-01-01T00:00:00.400Z');
		const { sandbox, customerId } = await openStage({ now, hasUniqueStamps });
		const { id } = sandbox.as(customerId).createTicket({ body: 'Hello' });
		const stamps = ['a', 'b', 'c'].map(body => {
			sandbox.as(customerId).comment(id, body);
			return sandbox.ticket(id).updated_at;
		});
		expect(stamps).toEqual(seconds.map(second => `2026-01-01T00:00:${second}Z`));
	});

	test('nothing to change leaves no audit and the stamp as it was', async () => {
		const { api, sandbox, customerId } = await openStage();
		const { id, updated_at } = sandbox.as(customerId).createTicket({ body: 'Hello', tags: ['a'] });
		const { json } = await api('PUT', `/tickets/${id}.json`, { ticket: { tags: ['a'], status: 'new' } });
		expect(json.ticket.updated_at).toBe(updated_at);
		expect(sandbox.audits(id)).toHaveLength(1);
	});

	test('a customer reopens a solved ticket by a reply; an agent does not', async () => {
		const { sandbox, customerId, agentId } = await openStage();
		const { id } = sandbox.as(customerId).createTicket({ body: 'Hello' });
		sandbox.as(agentId).setStatus(id, 'solved');
		sandbox.as(agentId).comment(id, 'One more thing');
		expect(sandbox.ticket(id).status).toBe('solved');
		sandbox.as(customerId).comment(id, 'Not solved');
		expect(sandbox.ticket(id).status).toBe('open');
		expect(sandbox.audits(id).at(-1)?.events.at(-1)).toMatchObject({ previous_value: 'solved', value: 'open' });
	});

	test('a closed ticket takes neither comments nor tags', async () => {
		const { api, sandbox, customerId, agentId } = await openStage();
		const { id } = sandbox.as(customerId).createTicket({ body: 'Hello' });
		sandbox.as(agentId).setStatus(id, 'closed');
		const comment = await api('PUT', `/tickets/${id}.json`, { ticket: { comment: { body: 'Hi' } } });
		expect([comment.status, comment.json.details.status[0].error]).toEqual([422, 'ClosedTicket']);
		expect((await api('PUT', `/tickets/${id}/tags.json`, { tags: ['x'] })).status).toBe(422);
		expect(sandbox.publicComments(id)).toHaveLength(1);
	});

	test('unknown tickets, groups, assignees and empty comments are refused', async () => {
		const { api, sandbox, customerId } = await openStage();
		const { id } = sandbox.as(customerId).createTicket({ body: 'Hello' });
		const put = (ticket: object, ticketId = id) => api('PUT', `/tickets/${ticketId}.json`, { ticket });
		expect((await put({ status: 'open' }, 99)).json.error).toBe('RecordNotFound');
		expect((await put({ group_id: 12 })).status).toBe(422);
		expect((await put({ assignee_id: customerId })).status).toBe(422);
		expect((await put({ comment: { body: ' ' } })).status).toBe(422);
		expect((await put({ status: 'nonsense' })).status).toBe(400);
	});

	test('custom fields are kept where the account has them and ignored where not', async () => {
		const { api, sandbox, customerId } = await openStage();
		const field = sandbox.addTicketField({ title: 'AI decision' });
		const { id } = sandbox.as(customerId).createTicket({ body: 'Hello' });
		const custom_fields = [
			{ id: field.id, value: 'send' },
			{ id: 5, value: 'lost' },
		];
		const { json } = await api('PUT', `/tickets/${id}.json`, { ticket: { custom_fields } });
		expect(json.ticket.custom_fields).toEqual([{ id: field.id, value: 'send' }]);
		expect((await api('GET', '/ticket_fields.json')).json.ticket_fields).toMatchObject([{ title: 'AI decision' }]);
	});
});

test('tags are added, replaced, removed and read', async () => {
	const { api, sandbox, customerId } = await openStage();
	const { id } = sandbox.as(customerId).createTicket({ body: 'Hello', tags: ['a'] });
	const tags = async (method: string, body?: object) => (await api(method, `/tickets/${id}/tags.json`, body)).json.tags;
	expect(await tags('PUT', { tags: ['b', 'c'] })).toEqual(['a', 'b', 'c']);
	expect(await tags('DELETE', { tags: ['a'] })).toEqual(['b', 'c']);
	expect(await tags('POST', { tags: ['z'] })).toEqual(['z']);
	expect(await tags('GET')).toEqual(['z']);
	const { json } = await api('PUT', `/tickets/${id}`, { ticket: { additional_tags: ['y'], remove_tags: ['z'] } });
	expect(json.ticket.tags).toEqual(['y']);
});

test('comments come page by page with their authors, in either order', async () => {
	const { api, sandbox, customerId, agentId } = await openStage();
	const { id } = sandbox.as(customerId).createTicket({ body: 'one' });
	sandbox.as(agentId).note(id, 'two');
	sandbox.as(customerId).comment(id, 'three');
	const seen: string[] = [];
	let path: string | null = `/tickets/${id}/comments.json?page[size]=2&include=users`;
	while (path !== null) {
		const { json } = await api('GET', path);
		seen.push(...json.comments.map((comment: { body: string }) => comment.body));
		expect(json.users.length).toBeGreaterThan(0);
		path = json.meta.has_more ? json.links.next.split('/api/v2')[1] : null;
	}
	expect(seen).toEqual(['one', 'two', 'three']);
	const newest = await api('GET', `/tickets/${id}/comments?sort=-created_at&page[size]=1`);
	expect(newest.json.comments[0]).toMatchObject({ body: 'three', type: 'Comment', public: true });
	const plain = await api('GET', `/tickets/${id}/comments.json`);
	expect(plain.json).toMatchObject({ count: 3, next_page: null });
	expect(plain.json.comments[1].public).toBe(false);
});

test('an uploaded file becomes an attachment of the comment', async () => {
	const { api, sandbox, customerId } = await openStage();
	const { id } = sandbox.as(customerId).createTicket({ body: 'Hello' });
	const upload = await api('POST', '/uploads.json?filename=a.json', { any: 1 });
	const comment = { body: 'see file', uploads: [upload.json.upload.token] };
	await api('PUT', `/tickets/${id}.json`, { ticket: { comment } });
	expect(sandbox.comments(id).at(-1)?.attachments).toMatchObject([{ file_name: 'a.json', size: 9 }]);
});

test('a snapshot brings back what was, and later changes are gone', async () => {
	const { sandbox, customerId, api } = await openStage();
	const { id } = sandbox.as(customerId).createTicket({ body: 'Hello' });
	const before = sandbox.snapshot();
	sandbox.as(customerId).comment(id, 'More');
	await sandbox.restore(before);
	expect(sandbox.comments(id)).toHaveLength(1);
	sandbox.as(customerId).comment(id, 'Again');
	expect((await api('GET', `/tickets/${id}/comments`)).json.count).toBe(2);
});
