import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { audit } from '../../src/audit/audit.ts';
import { sealAudit } from '../../src/audit/audit-chain.ts';
import { readConversations, readMessages } from '../../src/conversations.ts';
import type { Database } from '../../src/database/database.ts';
import type { Schema } from '../../src/database/schema.ts';
import { createDeadLetters } from '../../src/dead-letters.ts';
import { createInbox } from '../../src/inbox.ts';
import { createKnowledge } from '../../src/knowledge/knowledge.ts';
import { createOutbox } from '../../src/outbox.ts';
import { createRandom } from '../../src/triage/linear-model.ts';
import { createTurns } from '../../src/turns.ts';
import { databases, openEmbedded } from '../databases.ts';
import { quietLog } from '../stage.ts';

const tables = [
	'conversations',
	'turns',
	'messages',
	'events',
	'drafts',
	'outcomes',
	'deliveries',
	'articles',
	'chunks',
	'candidates',
	'dead_letters',
	'audit',
	'audit_pending',
	'audit_seals',
] as const;

/** A row of everything, as the product itself could have written it. Returns the conversation's id. */
async function furnish(database: Database, tenantId: string): Promise<string> {
	const query = database.forTenant(tenantId);
	const [conversation, turn, draft] = [randomUUID(), randomUUID(), randomUUID()];
	const secret = `the secret of ${tenantId}`;
	await query.transaction().execute(async tx => {
		const run = (statement: ReturnType<typeof sql>) => statement.execute(tx);
		await run(sql`insert into conversations (id, tenant_id, channel, external_id, requester_id, subject)
			values (${conversation}, ${tenantId}, 'zendesk', '7', '5', ${secret})`);
		await run(sql`insert into turns (id, tenant_id, conversation_id, state)
			values (${turn}, ${tenantId}, ${conversation}, 'open')`);
		await run(sql`insert into messages
			(id, tenant_id, conversation_id, external_id, author, author_id, is_public, text, written_at, turn_id)
			values (${randomUUID()}, ${tenantId}, ${conversation}, 'm1', 'customer', '5', true, ${secret}, now(), ${turn})`);
		await run(sql`insert into events (id, tenant_id, channel, vendor_event_id, conversation_id, kind, payload)
			values (${randomUUID()}, ${tenantId}, 'zendesk', 'e1', ${conversation}, 'changed', '{}')`);
		await run(sql`insert into drafts (id, tenant_id, conversation_id, turn_id, language, text, citations, based_on, state)
			values (${draft}, ${tenantId}, ${conversation}, ${turn}, 'en', ${secret}, '[]', 'm1', 'pending')`);
		await run(sql`insert into outcomes (id, tenant_id, turn_id, draft_id, kind, detail)
			values (${randomUUID()}, ${tenantId}, ${turn}, ${draft}, 'stale', '{}')`);
		await run(sql`insert into deliveries (id, tenant_id, conversation_id, turn_id, kind, payload, state)
			values (${randomUUID()}, ${tenantId}, ${conversation}, ${turn}, 'reply', ${JSON.stringify({ text: secret })}, 'queued')`);
		await run(sql`insert into articles (id, tenant_id, language, title, body, audience, state, source, source_ref, content_hash)
			values ('a1', ${tenantId}, 'en', ${secret}, ${secret}, 'public', 'published', 'file', 'f', 'h')`);
		await run(sql`insert into chunks (tenant_id, article_id, ordinal, headings, text)
			values (${tenantId}, 'a1', 0, '[]', ${secret})`);
		await run(sql`insert into candidates
			(id, tenant_id, conversation_id, language, title, question, answer, audience, state, flags, ticket_ref, agent_id)
			values (${randomUUID()}, ${tenantId}, ${conversation}, 'en', ${secret}, 'q', 'a', 'public', 'staged', '[]', '7', '9')`);
		await run(sql`insert into dead_letters (id, tenant_id, stage, key, payload, state, error)
			values (${randomUUID()}, ${tenantId}, 'respond', ${conversation}, '{}', 'dead', ${secret})`);
		await audit(tx, { tenantId, actor: 'assistant', action: 'decided', detail: {} });
	});
	await sealAudit(query);
	await audit(query, { tenantId, actor: 'assistant', action: 'decided', detail: {} });
	return conversation;
}

const deps = { queue: { tick: async () => undefined }, log: quietLog };

/** Every way the product reads, asked for what is another tenant's. Each returns how many rows it got. */
function waysToRead(database: Database, tenantId: string, foreign: { tenantId: string; conversationId: string }) {
	const query = database.forTenant(tenantId);
	const { conversationId } = foreign;
	const count = async (rows: Promise<unknown>) => {
		const found = await rows.catch(() => undefined);
		return Array.isArray(found) ? found.length : found === undefined ? 0 : 1;
	};
	const deadLetters = createDeadLetters({ query, ...deps, tenantId: foreign.tenantId });
	return {
		...Object.fromEntries(
			tables.map(table => [
				`select from ${table}`,
				() => count(query.selectFrom(table).select('tenant_id').where('tenant_id', '=', foreign.tenantId).execute()),
			]),
		),
		'a conversation by its id': () => count(readConversations(query, [conversationId])),
		'messages of a conversation': () => count(readMessages(query, conversationId)),
		'an open turn': () =>
			count(
				createTurns({ query, tenantId: 'a', flood: { messages: 30, minutes: 60 }, leaseMs: 1000 })
					.open({ conversationId })
					.then(({ turn }) => turn),
			),
		'the next delivery': () => count(createOutbox(query, 1000).claim(conversationId)),
		'dead letters': () => count(deadLetters.list()),
		'a join': () =>
			count(
				sql`select m.text from messages m join conversations c on c.id = m.conversation_id where c.id = ${conversationId}`
					.execute(query)
					.then(({ rows }) => rows),
			),
		'a condition that is always true': () =>
			count(
				sql`select id from conversations where tenant_id = ${foreign.tenantId} or true`
					.execute(query)
					.then(({ rows }) => (rows as { id: string }[]).filter(({ id }) => id === conversationId)),
			),
	} as Record<string, () => Promise<number>>;
}

describe.each(Object.entries(databases))('tenants on %s', (engine, open) => {
	const reads = engine === 'PGlite' ? 1000 : 10_000;

	it('every table of ours is under row-level security, for its owner too', async () => {
		const { query } = await open();
		const { rows } = await sql<{ name: string; isSecured: boolean; policies: number }>`
			select relname as name, relrowsecurity and relforcerowsecurity as "isSecured",
				(select count(*)::int from pg_policy where polrelid = pg_class.oid) as policies
			from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname not like 'kysely%'
			order by relname`.execute(query);
		expect(rows.filter(({ isSecured, policies }) => !isSecured || policies !== 1)).toEqual([]);
		expect(rows.map(({ name }) => name)).toEqual(tables.toSorted());
	});

	it(`of ${reads} reads across, by every way there is, none succeeds; without row-level security they do`, {
		timeout: 60_000,
	}, async () => {
		const database = await open();
		const mine = await furnish(database, 'a');
		const theirs = await furnish(database, 'b');
		const ways = Object.entries(waysToRead(database, 'a', { tenantId: 'b', conversationId: theirs }));
		const own = Object.entries(waysToRead(database, 'a', { tenantId: 'a', conversationId: mine }));
		const random = createRandom(3);
		const leaks: string[] = [];
		for (let read = 0; read < reads; read += 20) {
			await Promise.all(
				Array.from({ length: 20 }, async () => {
					const [name, way] = ways[Math.floor(random() * ways.length)] as (typeof ways)[number];
					if ((await way()) > 0) leaks.push(name);
				}),
			);
		}
		expect(leaks).toEqual([]);
		// The ways do find what is one's own, so that finding nothing means something.
		for (const [name, way] of own) expect(await way(), name).toBeGreaterThan(0);

		for (const table of tables)
			await sql.raw(`alter table ${table} disable row level security`).execute(database.query);
		const leaking: string[] = [];
		for (const [name, way] of ways) if ((await way()) > 0) leaking.push(name);
		expect(leaking).toEqual(ways.map(([name]) => name));
	});

	it('nothing of another tenant’s can be changed, deleted or planted', async () => {
		const database = await open();
		await furnish(database, 'a');
		await furnish(database, 'b');
		const query = database.forTenant('a');
		for (const table of tables) {
			if (table !== 'audit' && table !== 'audit_seals') {
				const changed = await sql`update ${sql.table(table)} set tenant_id = tenant_id where tenant_id = 'b'`.execute(
					query,
				);
				expect(changed.numAffectedRows, table).toBe(0n);
			}
			await expect(sql`update ${sql.table(table)} set tenant_id = 'b'`.execute(query), table).rejects.toThrow(
				/row-level security|permission denied|append-only/,
			);
		}
		expect((await sql`delete from conversations where tenant_id = 'b'`.execute(query)).numAffectedRows).toBe(0n);
		await expect(audit(query, { tenantId: 'b', actor: 'assistant', action: 'x', detail: {} })).rejects.toThrow(
			/row-level security/,
		);
		await expect(sql`delete from audit`.execute(query)).rejects.toThrow(/permission denied/);
	});

	it('the same vendor’s ids in two tenants are two conversations', async () => {
		const database = await open();
		const accept = (tenantId: string) =>
			createInbox({
				query: database.forTenant(tenantId),
				...deps,
				metrics: { conversationCreated: () => undefined },
				tenantId,
				settleMs: 0,
			}).accept('zendesk', [
				{
					vendorEventId: 'e9',
					thread: { externalId: '77', requesterId: '5' },
					kind: 'message',
					message: {
						externalId: 'm9',
						author: 'customer',
						authorId: '5',
						isPublic: true,
						text: `to ${tenantId}`,
						writtenAt: new Date(),
					},
				},
			]);
		expect(await Promise.all([accept('a'), accept('b')])).toEqual([
			{ stored: 1, duplicates: 0 },
			{ stored: 1, duplicates: 0 },
		]);
		const texts = async (query: Kysely<Schema>) =>
			(await query.selectFrom('messages').select('text').execute()).map(({ text }) => text);
		expect(await texts(database.forTenant('a'))).toEqual(['to a']);
		expect(await texts(database.forTenant('b'))).toEqual(['to b']);
	});

	it('who is of no tenant sees nothing, and a statement that fails leaves no tenant behind', async () => {
		const database = await open();
		await furnish(database, 'a');
		expect(await database.forTenant('').selectFrom('messages').selectAll().execute()).toEqual([]);
		await expect(sql`select 1 / 0`.execute(database.forTenant('a'))).rejects.toThrow(/division by zero/);
		const { rows } = await sql<{ tenant: string | null; role: string }>`
			select current_setting('understudy.tenant', true) as tenant, current_user as role`.execute(database.query);
		expect(rows[0]?.tenant ?? '').toBe('');
		expect(rows[0]?.role).not.toBe('understudy_app');
	});
});

it('of 10,000 searches for what is another organisation’s, none finds it', { timeout: 60_000 }, async () => {
	const database = await openEmbedded();
	const knowledge = createKnowledge({ database, ...deps, tenantId: 'a', conceptsOf: () => [] });
	await knowledge.follow();
	const organizations = Array.from({ length: 20 }, (_, i) => `organization:${i}` as const);
	for (const [i, audience] of organizations.entries()) {
		await knowledge.put({
			id: `price-${i}`,
			language: 'en',
			title: `Price list ${i}`,
			body: `The agreed price of the kettle for your company is ${100 + i} euros, account word quokka${i}.`,
			category: null,
			audience,
			url: null,
			source: 'ticket',
			sourceRef: 'x',
		});
		await knowledge.index('a', `price-${i}`);
	}
	await expect.poll(() => knowledge.search.size).toBe(20);
	const random = createRandom(5);
	let own = 0;
	for (let search = 0; search < 10_000; search++) {
		const [mine, theirs] = [Math.floor(random() * 20), Math.floor(random() * 20)];
		const found = knowledge.search.search({
			query: `agreed price of the kettle quokka${theirs}`,
			language: 'en',
			audiences: ['public', organizations[mine] as (typeof organizations)[number]],
			limit: 20,
		});
		for (const { passage } of found) expect(passage.articleId).toBe(`price-${mine}`);
		own += found.length;
	}
	expect(own).toBeGreaterThan(9000);
	await knowledge.close();
});
