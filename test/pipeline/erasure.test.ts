import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { expect, it } from 'vitest';
import type { Schema } from '../../src/database/schema.ts';
import { findTraces, forget } from '../../src/retention/erasure.ts';
import { openTaughtStage } from '../stage.ts';

/** A conversation of somebody's with their address wherever one can stand. */
async function furnish(query: Kysely<Schema>, email: string): Promise<void> {
	const [conversation, turn, draft] = [randomUUID(), randomUUID(), randomUUID()];
	const json = JSON.stringify({ text: `from ${email}`, emails: [email] });
	await query.transaction().execute(async tx => {
		const run = (statement: ReturnType<typeof sql>) => statement.execute(tx);
		await run(sql`insert into conversations (id, tenant_id, channel, external_id, requester_id, requester_email, subject)
			values (${conversation}, 'default', 'zendesk', ${conversation}, '5', ${email}, ${`Question of ${email}`})`);
		await run(sql`insert into turns (id, tenant_id, conversation_id, state, triage, answer, decision)
			values (${turn}, 'default', ${conversation}, 'concluded', ${json}, ${json}, ${json})`);
		await run(sql`insert into messages
			(id, tenant_id, conversation_id, external_id, author, author_id, is_public, text, written_at, turn_id)
			values (${randomUUID()}, 'default', ${conversation}, 'm', 'customer', '5', true, ${email.toUpperCase()}, now(), ${turn})`);
		await run(sql`insert into events (id, tenant_id, channel, vendor_event_id, conversation_id, kind, payload, handled_at)
			values (${randomUUID()}, 'default', 'zendesk', ${conversation}, ${conversation}, 'message', ${json}, now())`);
		await run(sql`insert into drafts (id, tenant_id, conversation_id, turn_id, language, text, citations, based_on, state)
			values (${draft}, 'default', ${conversation}, ${turn}, 'en', ${email}, '[]', 'm', 'rejected')`);
		await run(sql`insert into deliveries (id, tenant_id, conversation_id, turn_id, kind, payload, state)
			values (${randomUUID()}, 'default', ${conversation}, ${turn}, 'note', ${json}, 'sent')`);
		await run(sql`insert into candidates
			(id, tenant_id, conversation_id, language, title, question, answer, audience, state, flags, ticket_ref, agent_id)
			values (${randomUUID()}, 'default', ${conversation}, 'en', ${email}, ${email}, 'a', 'public', 'staged', '[]', '7', '9')`);
	});
}

it('of 50 people who are forgotten no trace is left, in any table or index, and others lose nothing', {
	timeout: 60_000,
}, async () => {
	const { sandbox, product, queue, query, settle, agent, customer } = await openTaughtStage();
	const emailOf = (i: number) => `p.${i}+shop@people.example`;
	const people = Array.from({ length: 8 }, (_, i) => {
		const user = sandbox.addUser({ name: `Person ${i}`, email: emailOf(i), role: 'end-user' });
		return { email: emailOf(i), person: sandbox.as(user.id) };
	});
	for (let i = people.length; i < 50; i++) await furnish(query, emailOf(i));
	for (const [i, { email, person }] of people.entries()) {
		person.createTicket({
			subject: `Question of ${email}`,
			body: `${i % 2 ? 'How long does standard delivery take?' : 'I want a person.'} My address is ${email.toUpperCase()}.`,
		});
	}
	// Somebody else quotes one of them.
	customer.createTicket({ subject: 'Parcel', body: `My friend ${people[3]?.email} had the same parcel question.` });
	// And an answer to one of them becomes knowledge.
	const { id } = (people[7] as (typeof people)[number]).person.createTicket({
		subject: 'Mug',
		body: 'Does the Glow Mug fit a car cup holder?',
	});
	await settle();
	agent.comment(id, 'The Glow Mug fits car cup holders that are wider than 8.5 cm; in narrower ones it may tip over.');
	agent.setStatus(id, 'solved');
	await settle();
	const candidate = (await product.candidates.list('staged')).find(({ ticket_ref }) => ticket_ref === String(id));
	await product.candidates.publish(candidate?.id ?? '', 'operator');
	await settle();
	const find = () =>
		product.knowledge.search.search({ query: 'Glow Mug cup holder', language: 'en', audiences: ['public'], limit: 5 })
			.length;
	await expect.poll(find).toBeGreaterThan(0);

	const deps = { query, queue, tenantId: 'default' };
	const first = people[0] as (typeof people)[number];
	expect(await findTraces(query, first.email)).not.toEqual([]);
	const counted = await forget(first.email, deps, true);
	expect(counted.conversations).toBe(1);
	expect(await findTraces(query, first.email)).not.toEqual([]);

	const everybody = Array.from({ length: 50 }, (_, i) => emailOf(i));
	for (const email of everybody) expect(await findTraces(query, email), email).not.toEqual([]);
	let articles = 0;
	for (const email of everybody) {
		const erasure = await forget(email, deps);
		expect(erasure.traces, email).toEqual([]);
		articles += erasure.articles;
	}
	expect(articles).toBe(1);
	await expect.poll(find).toBe(0);
	for (const email of everybody) expect(await findTraces(query, email)).toEqual([]);
	// What is left is the one who quoted a friend, without the friend.
	const left = await query.selectFrom('messages').select('text').where('author', '=', 'customer').execute();
	expect(left.map(({ text }) => text)).toEqual(['My friend [EMAIL] had the same parcel question.']);
	expect(await forget(first.email, deps)).toMatchObject({ conversations: 0, articles: 0, mentions: 0, traces: [] });
});
