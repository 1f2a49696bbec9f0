import { afterEach, expect, it } from 'vitest';
import { findTraces, forget } from '../../src/erasure.ts';
import { openStage, type Stage, teachShipping } from '../stage.ts';

let stage: Stage;
afterEach(() => stage.close());

it('of 50 people who are forgotten no trace is left, in any table or index, and others lose nothing', {
	timeout: 60_000,
}, async () => {
	stage = await openStage();
	await teachShipping(stage);
	const { sandbox, product, queue, query, settle, agent, customer } = stage;
	const people = Array.from({ length: 50 }, (_, i) => {
		const email = `p.${i}+shop@people.example`;
		const user = sandbox.addUser({ name: `Person ${i}`, email, role: 'end-user' });
		return { email, person: sandbox.as(user.id) };
	});
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
	await settle(50_000);
	agent.comment(id, 'The Glow Mug fits car cup holders that are wider than 8.5 cm; in narrower ones it may tip over.');
	agent.setStatus(id, 'solved');
	await settle(50_000);
	const [candidate] = await product.candidates.list('staged');
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

	let articles = 0;
	for (const { email } of people) {
		const erasure = await forget(email, deps);
		expect(erasure.traces, email).toEqual([]);
		articles += erasure.articles;
	}
	expect(articles).toBe(1);
	await expect.poll(find).toBe(0);
	for (const { email } of people) expect(await findTraces(query, email)).toEqual([]);
	// What is left is the one who quoted a friend, without the friend.
	const left = await query.selectFrom('messages').select('text').where('author', '=', 'customer').execute();
	expect(left.map(({ text }) => text)).toEqual(['My friend [EMAIL] had the same parcel question.']);
	expect(await forget(first.email, deps)).toMatchObject({ conversations: 0, articles: 0, mentions: 0, traces: [] });
});
