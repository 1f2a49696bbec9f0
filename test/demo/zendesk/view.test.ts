import { expect, test } from 'vitest';
import { understudyMacros } from '../../../src/demo/zendesk/understudy-macros.ts';
import { openStage, type Stage } from './stage.ts';

async function read({ sandbox }: Stage, path: string): Promise<string> {
	return (await fetch(sandbox.url + path)).text();
}

function submit({ sandbox }: Stage, path: string, form: Record<string, string>, headers: Record<string, string> = {}) {
	return fetch(sandbox.url + path, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' });
}

test('the list is empty at first, then shows tickets, the newest change on top', async () => {
	const stage = await openStage();
	const { sandbox, customerId } = stage;
	expect((await fetch(sandbox.url, { redirect: 'manual' })).headers.get('location')).toBe('/agent/tickets');
	expect(await read(stage, '/agent/tickets')).toContain('No tickets yet');
	sandbox.as(customerId).createTicket({ subject: 'First', body: 'a', tags: ['understudy_lang_pt'] });
	sandbox.as(customerId).createTicket({ subject: 'Second', body: 'b' });
	sandbox.as(customerId).comment(1, 'last words');
	const html = await read(stage, '/agent/tickets');
	expect(html.indexOf('First')).toBeLessThan(html.indexOf('Second'));
	expect(html).toContain('last words');
	expect(html).toContain('<span class="tag language">pt</span>');
});

test('what customers write is text on the page, in every place it is shown', async () => {
	const stage = await openStage();
	const attack = '<img src=x onerror=alert(1)>';
	const { sandbox } = stage;
	const attacker = sandbox.addUser({ name: attack, email: 'x@x.test' });
	const { id } = sandbox.as(attacker.id).createTicket({ subject: attack, body: attack, tags: ['"><script>'] });
	await stage.apiAs(attacker.id)('PUT', `/tickets/${id}`, {
		ticket: { comment: { html_body: `<p onclick="x()">hi</p><script>alert(2)</script>${attack}` } },
	});
	for (const path of ['/agent/tickets', `/agent/tickets/${id}`, `/agent/tickets/${id}?error=${attack}`]) {
		const html = await read(stage, path);
		expect(html).not.toContain(attack);
		expect(html).not.toMatch(/onclick|<script>/);
		expect(html).toContain('&lt;img');
	}
	const policy = (await fetch(`${sandbox.url}/agent/tickets`)).headers.get('content-security-policy');
	expect(policy).toContain("default-src 'self'");
});

test('an agent replies, notes, picks a macro and sets the status; the customer writes back', async () => {
	const stage = await openStage({ seed: { macros: understudyMacros } });
	const { sandbox, agentId, customerId } = stage;
	const { id } = sandbox.as(customerId).createTicket({ body: 'Hello' });
	const agent = String(agentId);
	const macro = (await read(stage, `/agent/tickets/${id}`)).match(/value="(\d+)">Send AI draft/)?.[1] ?? '';
	const reply = await submit(stage, `/agent/tickets/${id}/reply`, { agent, text: 'A **reply**' });
	expect([reply.status, reply.headers.get('location')]).toEqual([303, `/agent/tickets/${id}`]);
	await submit(stage, `/agent/tickets/${id}/note`, { agent, text: 'A note' });
	await submit(stage, `/agent/tickets/${id}/macro`, { agent, macro, text: '' });
	await submit(stage, `/agent/tickets/${id}/status`, { agent, status: 'solved' });
	expect(sandbox.ticket(id)).toMatchObject({ tags: ['understudy_send'], status: 'solved' });
	await submit(stage, `/agent/tickets/${id}/customer`, { text: 'Thanks, but' });
	expect(sandbox.ticket(id).status).toBe('open');
	expect(sandbox.comments(id).map(comment => [comment.author_id, comment.public])).toEqual([
		[customerId, true],
		[agentId, true],
		[agentId, false],
		[customerId, true],
	]);
	const html = await read(stage, `/agent/tickets/${id}`);
	expect(html).toContain('A <strong>reply</strong>');
	expect(html).toContain('class="comment note"');
});

test('a new ticket comes from its customer, and a refusal is said on the page', async () => {
	const stage = await openStage();
	const { sandbox, agentId } = stage;
	const form = { name: 'Zoé', email: 'zoe@home.test', locale: 'fr', subject: 'Retour', text: 'Bonjour' };
	const created = await submit(stage, '/agent/new', form);
	expect(created.headers.get('location')).toBe('/agent/tickets/1');
	expect(sandbox.ticket(1).subject).toBe('Retour');
	const empty = await submit(stage, '/agent/tickets/1/reply', { agent: String(agentId), text: ' ' });
	expect(await read(stage, empty.headers.get('location') ?? '')).toContain('Comment: cannot be blank');
});

test('a form sent by another site changes nothing', async () => {
	const stage = await openStage();
	const form = { name: 'x', email: 'x@x.test', text: 'spam' };
	const refused = await submit(stage, '/agent/new', form, { 'sec-fetch-site': 'cross-site' });
	expect(refused.status).toBe(403);
	expect(stage.sandbox.tickets()).toHaveLength(0);
});
