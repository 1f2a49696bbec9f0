import { type Kysely, sql } from 'kysely';
import { audit } from '../audit/audit.ts';
import type { Schema } from '../database/schema.ts';
import type { Queue } from '../pipeline.ts';

/** What a person left here, by kind. */
export interface Erasure {
	/** Theirs: gone with their messages, turns, drafts, deliveries and candidates. */
	conversations: number;
	/** Made from their tickets: emptied and out of every search. */
	articles: number;
	/** Rows of others that name their address: it was blanked. */
	mentions: number;
	/** Columns in which the address still stands; empty when it is proved gone. */
	traces: string[];
}

export interface ErasureDeps {
	query: Kysely<Schema>;
	queue: Queue;
	tenantId: string;
}

/** Conversations deleted in one transaction. */
const batch = 100;

/** Where people write or are quoted. `conversations` and what hangs on it goes as a whole; these may name somebody else. */
const columns: Record<'text' | 'json', [table: string, column: string][]> = {
	text: [
		['conversations', 'subject'],
		['messages', 'text'],
		['drafts', 'text'],
		['deliveries', 'error'],
		['articles', 'title'],
		['articles', 'body'],
		['chunks', 'text'],
		['candidates', 'title'],
		['candidates', 'question'],
		['candidates', 'answer'],
		['dead_letters', 'error'],
	],
	json: [
		['turns', 'triage'],
		['turns', 'passages'],
		['turns', 'answer'],
		['turns', 'decision'],
		['drafts', 'citations'],
		['deliveries', 'payload'],
		['outcomes', 'detail'],
		['events', 'payload'],
		['candidates', 'flags'],
	],
};

/**
 * Erases a person: their conversations with all that hangs on them, what was harvested from these, and their address wherever
 * else it is named. Run again it finds nothing. The helpdesk keeps its own copy; there it is the helpdesk's to erase.
 * @param dryRun counts and changes nothing.
 */
export async function forget(email: string, deps: ErasureDeps, dryRun = false): Promise<Erasure> {
	const { query, queue, tenantId } = deps;
	const theirs = await query
		.selectFrom('conversations')
		.select('id')
		.where(sql<boolean>`lower(requester_email) = lower(${email})`)
		.execute();
	const ids = theirs.map(({ id }) => id);
	const articles = await harvestedFrom(query, ids);
	if (dryRun) {
		return {
			conversations: ids.length,
			articles: articles.length,
			mentions: 0,
			traces: await findTraces(query, email),
		};
	}
	for (const articleId of articles) {
		await emptyArticle(query, tenantId, articleId);
		await queue.tick('index-article', { tenantId, articleId });
	}
	for (let at = 0; at < ids.length; at += batch) {
		const some = ids.slice(at, at + batch);
		await query.transaction().execute(async tx => {
			await tx.deleteFrom('candidates').where('conversation_id', 'in', some).execute();
			await tx.deleteFrom('conversations').where('id', 'in', some).execute();
		});
	}
	await query
		.deleteFrom('dead_letters')
		.where('key', 'in', ids.length ? ids : [''])
		.execute();
	const mentions = await blankMentions(query, email);
	await audit(query, {
		tenantId,
		actor: 'operator',
		action: 'forgot_person',
		detail: { conversations: ids.length, articles: articles.length, mentions },
	});
	return { conversations: ids.length, articles: articles.length, mentions, traces: await findTraces(query, email) };
}

async function harvestedFrom(query: Kysely<Schema>, conversationIds: string[]): Promise<string[]> {
	if (conversationIds.length === 0) return [];
	const rows = await query
		.selectFrom('candidates')
		.select('article_id')
		.distinct()
		.where('conversation_id', 'in', conversationIds)
		.where('state', '=', 'published')
		.execute();
	return rows.flatMap(({ article_id: id }) => (id === null ? [] : [id]));
}

/** The row stays, empty and retired: it is how every process learns that the article is gone. */
async function emptyArticle(query: Kysely<Schema>, tenantId: string, articleId: string): Promise<void> {
	await query.transaction().execute(async tx => {
		await tx
			.updateTable('articles')
			.set(expression => ({
				title: '[erased]',
				body: '',
				url: null,
				author: null,
				content_hash: 'erased',
				state: 'retired',
				version: expression('version', '+', 1),
				updated_at: new Date(),
			}))
			.where('tenant_id', '=', tenantId)
			.where('id', '=', articleId)
			.execute();
		await tx.deleteFrom('chunks').where('tenant_id', '=', tenantId).where('article_id', '=', articleId).execute();
	});
}

const blank = '[EMAIL]';

async function blankMentions(query: Kysely<Schema>, email: string): Promise<number> {
	let mentions = 0;
	// The address as plain text in a pattern without case: every character that means something is escaped.
	const pattern = email.replace(/[^\p{L}\p{N}@_-]/gu, '\\$&');
	const update = async (table: string, column: string, value: ReturnType<typeof sql>) => {
		const { numAffectedRows = 0n } = await sql`
			update ${sql.table(table)} set ${sql.ref(column)} = ${value}
			where strpos(lower(${sql.ref(column)}::text), lower(${email})) > 0`.execute(query);
		mentions += Number(numAffectedRows);
	};
	for (const [table, column] of columns.text) {
		await update(table, column, sql`regexp_replace(${sql.ref(column)}, ${pattern}, ${blank}, 'gi')`);
	}
	for (const [table, column] of columns.json) {
		await update(table, column, sql`regexp_replace(${sql.ref(column)}::text, ${pattern}, ${blank}, 'gi')::jsonb`);
	}
	return mentions;
}

/** Looks for an address in every column of every table that can hold text. Proof, so it asks the database which those are. */
export async function findTraces(query: Kysely<Schema>, email: string): Promise<string[]> {
	const { rows } = await sql<{ table: string; column: string }>`
		select table_name as "table", column_name as "column" from information_schema.columns
		where table_schema = 'public' and table_name not like 'kysely%'
			and data_type in ('text', 'character varying', 'jsonb', 'json', 'ARRAY')
		order by 1, 2`.execute(query);
	const traces: string[] = [];
	for (const { table, column } of rows) {
		const found = await sql<{ n: string }>`
			select count(*) as n from ${sql.table(table)}
			where strpos(lower(${sql.ref(column)}::text), lower(${email})) > 0`.execute(query);
		const n = Number(found.rows[0]?.n ?? 0);
		if (n > 0) traces.push(`${table}.${column}: ${n}`);
	}
	return traces;
}
