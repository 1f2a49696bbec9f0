import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import type { Schema } from '../../src/database/schema.ts';
import { createRetention, type Retained } from '../../src/retention/retention.ts';
import { installations, openOnServer } from '../databases.ts';
import { postgresUrl } from '../services.ts';

const tenantId = 'a';
const periods = { conversations: 60, events: 10, candidates: 40, articles: 20, deadLetters: 5, audit: null };
const forEver = { conversations: null, events: null, candidates: null, articles: null, deadLetters: null, audit: null };
const nothing: Retained = {
	expired: 0,
	conversations: 0,
	events: 0,
	candidates: 0,
	articles: 0,
	deadLetters: 0,
	audit: 0,
};

const retentionOf = ({ forTenant }: Database, chosen: Partial<typeof periods | typeof forEver> = {}, batch = 500) =>
	createRetention({
		query: forTenant(tenantId),
		queue: { tick: async () => undefined },
		tenantId,
		periods: { ...periods, ...chosen },
		batch,
	});

/** A solved conversation with one of everything, all of it dealt with, so many days ago. Returns its id. */
async function solve(query: Kysely<Schema>, days: number, tenant = tenantId): Promise<string> {
	const [id, turn, draft] = [randomUUID(), randomUUID(), randomUUID()];
	const then = new Date(Date.now() - days * 86_400_000);
	await query.transaction().execute(async tx => {
		const run = (statement: ReturnType<typeof sql>) => statement.execute(tx);
		await run(sql`insert into conversations (id, tenant_id, channel, external_id, requester_id, status, updated_at)
			values (${id}, ${tenant}, 'zendesk', ${id}, '5', 'solved', ${then})`);
		await run(
			sql`insert into turns (id, tenant_id, conversation_id, state) values (${turn}, ${tenant}, ${id}, 'concluded')`,
		);
		await run(sql`insert into messages
			(id, tenant_id, conversation_id, external_id, author, author_id, is_public, text, written_at, received_at, turn_id)
			values (${randomUUID()}, ${tenant}, ${id}, 'm', 'customer', '5', true, 'Hello?', ${then}, ${then}, ${turn})`);
		await run(sql`insert into events
			(id, tenant_id, channel, vendor_event_id, conversation_id, kind, payload, received_at, handled_at)
			values (${randomUUID()}, ${tenant}, 'zendesk', ${id}, ${id}, 'message', '{}', ${then}, ${then})`);
		await run(sql`insert into drafts (id, tenant_id, conversation_id, turn_id, language, text, citations, based_on, state)
			values (${draft}, ${tenant}, ${id}, ${turn}, 'en', 'Yes.', '[]', 'm', 'sent')`);
		await run(sql`insert into outcomes (id, tenant_id, turn_id, draft_id, kind, detail)
			values (${randomUUID()}, ${tenant}, ${turn}, ${draft}, 'approved', '{}')`);
		await run(sql`insert into deliveries (id, tenant_id, conversation_id, turn_id, draft_id, kind, payload, state)
			values (${randomUUID()}, ${tenant}, ${id}, ${turn}, ${draft}, 'reply', '{}', 'sent')`);
	});
	return id;
}

async function addArticle(query: Kysely<Schema>, id: string, state: string, days: number, expiresInDays = 1) {
	await sql`insert into articles (id, tenant_id, language, title, body, audience, state, source, source_ref, content_hash,
			indexed_version, expires_at, updated_at)
		values (${id}, ${tenantId}, 'en', 't', 'b', 'public', ${state}, 'ticket', '7', 'h', 1,
			now() + make_interval(days => ${expiresInDays}), now() - make_interval(days => ${days}))`.execute(query);
}

async function addCandidate(
	query: Kysely<Schema>,
	state: string,
	days: number,
	conversationId: string,
	articleId = '',
) {
	await sql`insert into candidates (id, tenant_id, conversation_id, language, title, question, answer, audience, state,
			flags, ticket_ref, agent_id, article_id, decided_at)
		values (${randomUUID()}, ${tenantId}, ${conversationId}, 'en', 't', 'q', 'a', 'public', ${state}, '[]', '7', '9',
			nullif(${articleId}, ''), now() - make_interval(days => ${days}))`.execute(query);
}

const count = async (query: Kysely<Schema>, table: keyof Schema) =>
	(await query.selectFrom(table).select('tenant_id').execute()).length;

describe.each(Object.entries(installations))('what is kept for a period, on %s', (_, open) => {
	it('a conversation goes with all that hangs on it when it is old; a young one and another tenant’s stay', async () => {
		const database = await open();
		const query = database.forTenant(tenantId);
		await solve(query, 62);
		const young = await solve(query, 59);
		const others = database.forTenant('b');
		await solve(others, 62, 'b');
		expect(await retentionOf(database, { events: null }).run('assistant')).toEqual({ ...nothing, conversations: 1 });
		const left = await query.selectFrom('conversations').select('id').execute();
		expect(left).toEqual([{ id: young }]);
		for (const table of ['messages', 'turns', 'events', 'drafts', 'outcomes', 'deliveries'] as const) {
			expect(await count(query, table), table).toBe(1);
			expect(await count(others, table), table).toBe(1);
		}
		expect(await retentionOf(database, { events: null }).run('assistant')).toEqual(nothing);
	});

	it.each<[string, (id: string) => ReturnType<typeof sql>]>([
		['is open', id => sql`update conversations set status = 'open' where id = ${id}`],
		['is to be harvested', id => sql`update conversations set harvest_due_since = now() where id = ${id}`],
		['has an open turn', id => sql`update turns set state = 'open' where conversation_id = ${id}`],
		['has a draft that waits', id => sql`update drafts set state = 'pending' where conversation_id = ${id}`],
		['has something to send', id => sql`update deliveries set state = 'ambiguous' where conversation_id = ${id}`],
		['has an event to handle', id => sql`update events set handled_at = null where conversation_id = ${id}`],
		['has a message to answer', id => sql`update messages set turn_id = null where conversation_id = ${id}`],
		['was written in lately', id => sql`update messages set received_at = now() where conversation_id = ${id}`],
		['was heard of lately', id => sql`update events set received_at = now() where conversation_id = ${id}`],
		[
			'was given up and waits for a person',
			id => sql`insert into dead_letters (id, tenant_id, stage, key, payload, state, error)
				values (gen_random_uuid(), ${tenantId}, 'respond', ${id}, '{}', 'dead', 'e')`,
		],
	])('an old conversation stays where it %s', async (_, change) => {
		const database = await open();
		const query = database.forTenant(tenantId);
		await change(await solve(query, 400)).execute(query);
		expect(await retentionOf(database).run('assistant')).toMatchObject({ conversations: 0 });
		expect(await count(query, 'conversations')).toBe(1);
	});

	it('webhook events go by themselves, once they have been dealt with', async () => {
		const database = await open();
		const query = database.forTenant(tenantId);
		await solve(query, 12);
		await solve(query, 9);
		const busy = await solve(query, 12);
		await sql`update events set handled_at = null where conversation_id = ${busy}`.execute(query);
		expect(await retentionOf(database).run('assistant')).toEqual({ ...nothing, events: 1 });
		expect(await count(query, 'events')).toBe(2);
		expect(await count(query, 'conversations')).toBe(3);
	});

	it('an article that expired goes out of search first, and much later altogether', async () => {
		const database = await open();
		const query = database.forTenant(tenantId);
		await addArticle(query, 'expired', 'published', 100, -1);
		await addArticle(query, 'valid', 'published', 100);
		await addArticle(query, 'retired long ago', 'retired', 22);
		await addArticle(query, 'retired lately', 'retired', 19);
		await addArticle(query, 'not out of search yet', 'retired', 22);
		await sql`update articles set version = 2 where id = 'not out of search yet'`.execute(query);
		expect(await retentionOf(database).run('assistant')).toEqual({ ...nothing, expired: 1, articles: 1 });
		const left = await query.selectFrom('articles').select(['id', 'state', 'version']).orderBy('id').execute();
		expect(left).toEqual([
			{ id: 'expired', state: 'retired', version: 2 },
			{ id: 'not out of search yet', state: 'retired', version: 2 },
			{ id: 'retired lately', state: 'retired', version: 1 },
			{ id: 'valid', state: 'published', version: 1 },
		]);
	});

	it('what was harvested outlives its conversation; what became of no article goes', async () => {
		const database = await open();
		const query = database.forTenant(tenantId);
		await addArticle(query, 'ticket-7', 'published', 1);
		for (const [state, days, article] of [
			['published', 100, 'ticket-7'],
			['staged', 100, ''],
			['discarded', 100, ''],
			['discarded', 39, ''],
			['joined', 100, 'ticket-gone'],
		] as const) {
			await addCandidate(query, state, days, await solve(query, 400), article);
		}
		expect(await retentionOf(database, { events: null }).run('assistant')).toMatchObject({
			conversations: 5,
			candidates: 2,
			articles: 0,
		});
		const left = await query.selectFrom('candidates').select(['state', 'conversation_id', 'ticket_ref']).execute();
		expect(left.map(({ state }) => state).toSorted()).toEqual(['discarded', 'published', 'staged']);
		for (const row of left) expect(row).toMatchObject({ conversation_id: null, ticket_ref: '7' });
	});

	it('failures that came to nothing go; what was given up waits for a person', async () => {
		const database = await open();
		const query = database.forTenant(tenantId);
		for (const [state, days] of [
			['failing', 7],
			['failing', 4],
			['dead', 700],
		] as const) {
			await sql`insert into dead_letters (id, tenant_id, stage, key, payload, state, error, last_failed_at)
				values (gen_random_uuid(), ${tenantId}, 'respond', ${`${state}${days}`}, '{}', ${state}, 'e',
					now() - make_interval(days => ${days}))`.execute(query);
		}
		expect(await retentionOf(database).run('assistant')).toEqual({ ...nothing, deadLetters: 1 });
		expect(await count(query, 'dead_letters')).toBe(2);
	});

	it('goes in batches, each a transaction that the trail tells of', async () => {
		const database = await open();
		const query = database.forTenant(tenantId);
		for (let i = 0; i < 5; i++) await solve(query, 100);
		expect(await retentionOf(database, { events: null }, 2).run('operator')).toEqual({ ...nothing, conversations: 5 });
		const told = await sql<{ actor: string; rows: number; transactions: number }>`
			select actor, (detail ->> 'rows')::int as rows from audit where action = 'retention_deleted' order by seq`.execute(
			query,
		);
		expect(told.rows).toEqual([2, 2, 1].map(rows => ({ actor: 'operator', rows })));
		const distinct = await sql<{ n: number }>`select count(distinct xmin::text)::int as n from audit`.execute(query);
		expect(distinct.rows).toEqual([{ n: 3 }]);
	});

	it('counted first, nothing changes; without a period everything stays', async () => {
		const database = await open();
		const query = database.forTenant(tenantId);
		await solve(query, 1000);
		await addArticle(query, 'expired', 'published', 1000, -1);
		await addArticle(query, 'retired', 'retired', 1000);
		const retention = retentionOf(database);
		const due = { ...nothing, conversations: 1, events: 1, expired: 1, articles: 1 };
		expect(await retention.count()).toEqual(due);
		expect(await retention.count()).toEqual(due);
		expect(await count(query, 'audit')).toBe(0);
		expect(await retentionOf(database, forEver).run('assistant')).toEqual({ ...nothing, expired: 1 });
		expect(await count(query, 'articles')).toBe(2);
		expect(await count(query, 'events')).toBe(1);
	});
});

describe.runIf(postgresUrl)('beside other work', () => {
	it('a webhook that comes while its conversation is being deleted is not lost', async () => {
		const database = await openOnServer();
		const query = database.forTenant(tenantId);
		const id = await solve(query, 400);
		// A webhook that has stored its message and not committed: the conversation is skipped, not waited for.
		await query.transaction().execute(async tx => {
			await sql`insert into messages
				(id, tenant_id, conversation_id, external_id, author, author_id, is_public, text, written_at)
				values (gen_random_uuid(), ${tenantId}, ${id}, 'late', 'customer', '5', true, 'One more', now())`.execute(tx);
			expect(await retentionOf(database).run('assistant')).toMatchObject({ conversations: 0 });
		});
		expect(await retentionOf(database).run('assistant')).toMatchObject({ conversations: 0 });
		expect(await count(query, 'messages')).toBe(2);
	});

	it('two runs at the same time delete everything, and nothing twice', async () => {
		const database = await openOnServer();
		const query = database.forTenant(tenantId);
		for (let i = 0; i < 30; i++) await solve(query, 400);
		const retention = retentionOf(database, { events: null }, 4);
		const runs = await Promise.all([retention.run('assistant'), retention.run('operator')]);
		expect(runs.reduce((sum, { conversations }) => sum + conversations, 0)).toBe(30);
		expect(await retention.run('assistant')).toEqual(nothing);
		expect(await count(query, 'conversations')).toBe(0);
	});
});
