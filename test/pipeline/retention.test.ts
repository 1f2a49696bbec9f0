import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { openTaughtStage, quietLog } from '../stage.ts';

it('what an agent taught outlives its ticket, until it expires', async () => {
	const told: object[] = [];
	const log = {
		...quietLog,
		info: (fields: object, message: string) => message === 'kept no longer' && told.push(fields),
	};
	const { query, product, customer, agent, settle, sandbox } = await openTaughtStage({ log });
	const { id } = customer.createTicket({ subject: 'Mug', body: 'Does the Glow Mug fit a car cup holder?' });
	await settle();
	agent.comment(id, 'The Glow Mug fits car cup holders that are wider than 8.5 cm; in narrower ones it may tip over.');
	agent.setStatus(id, 'solved');
	await settle();
	const [candidate] = await product.candidates.list('staged');
	const published = await product.candidates.publish(candidate?.id ?? '', 'operator');
	await settle();
	const find = () =>
		product.knowledge.search
			.search({ query: 'Glow Mug cup holder', language: 'en', audiences: ['public'], limit: 5 })
			.filter(({ passage }) => passage.articleId === published?.articleId).length;
	await expect.poll(find).toBe(1);

	const age = async (days: number) => {
		const earlier = sql.raw(`interval '${days} days'`);
		await sql`update conversations set updated_at = updated_at - ${earlier}`.execute(query);
		await sql`update messages set received_at = received_at - ${earlier}`.execute(query);
		await sql`update events set received_at = received_at - ${earlier}`.execute(query);
		await sql`update candidates set decided_at = decided_at - ${earlier}`.execute(query);
		await sql`update articles set updated_at = updated_at - ${earlier}, expires_at = expires_at - ${earlier}`.execute(
			query,
		);
	};
	const retain = () => product.jobs.retain.run({});
	const articles = async () =>
		(await query.selectFrom('articles').select('state').where('source', '=', 'ticket').execute()).map(
			({ state }) => state,
		);
	await retain();
	expect(await query.selectFrom('conversations').select('id').execute()).toHaveLength(1);
	await age(364);
	await retain();
	expect(find()).toBe(1);
	await age(2);
	await retain();
	await expect.poll(find).toBe(0);
	await settle();
	expect(await articles()).toEqual(['retired']);
	await age(92);
	await retain();
	expect(await articles()).toEqual([]);
	expect(await product.candidates.list()).toEqual([]);
	expect(await query.selectFrom('conversations').select('id').execute()).toHaveLength(1);
	await age(300);
	await retain();
	for (const table of ['conversations', 'messages', 'turns', 'deliveries', 'events'] as const) {
		expect(await query.selectFrom(table).select('id').execute(), table).toEqual([]);
	}

	expect(told).toEqual([
		expect.objectContaining({ events: expect.any(Number), conversations: 0, expired: 0 }),
		expect.objectContaining({ expired: 1, articles: 0 }),
		expect.objectContaining({ articles: 1, candidates: 1 }),
		expect.objectContaining({ conversations: 1 }),
	]);
	const text = await (await product.http.request('/metrics')).text();
	expect(text).toContain('understudy_deleted_total{kind="conversations"} 1');
	expect(text).toContain('understudy_deleted_total{kind="articles"} 1');
	// The customer is met again as if for the first time, and the rest of the knowledge is still there.
	const { id: next } = customer.createTicket({ subject: 'Delivery', body: 'How long does standard delivery take?' });
	await settle();
	expect(sandbox.publicComments(next)[1]?.body).toContain('3 to 5 working days');
});
