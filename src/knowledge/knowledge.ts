import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { type Schema, toJson } from '../database/schema.ts';
import type { Language } from '../language.ts';
import type { Logger } from '../log.ts';
import type { Queue } from '../pipeline.ts';
import type { Article, Audience, Passage } from './article.ts';
import { chunkArticle } from './chunk.ts';
import { createMeaningIndex } from './meaning-index.ts';
import type { ConceptsOf } from './passage-concepts.ts';
import { retireArticles } from './retire-articles.ts';
import { createSearchIndex, type SearchIndex } from './search-index.ts';

/** An article as it comes in, with where it comes from. */
export interface IncomingArticle extends Omit<Article, 'state'> {
	source: 'file' | 'ticket';
	/** Which file, or which ticket of the helpdesk. */
	sourceRef: string;
	/** The agent whose answer it was. */
	author?: string;
	/** When it is no longer believed; never where there is none. */
	expiresAt?: Date;
}

export interface KnowledgeDeps {
	database: Database;
	queue: Queue;
	log: Logger;
	tenantId: string;
	conceptsOf: ConceptsOf;
}

/** What the assistant knows: articles in the database, and the search index of this process that follows them. */
export interface Knowledge {
	/** Stores an article and has it indexed. The same content again changes nothing. */
	put(article: IncomingArticle): Promise<'created' | 'changed' | 'unchanged'>;
	/** Takes an article out of every search. False where there was none to take out. */
	retire(articleId: string): Promise<boolean>;
	/** Cuts an article into chunks, stores them and tells every process. What the `index-article` job runs. */
	index(tenantId: string, articleId: string): Promise<void>;
	/** Fills this process's index from the database and keeps it fresh until `close`. */
	follow(): Promise<void>;
	readonly search: Pick<SearchIndex, 'search' | 'searchAll' | 'coverageOf' | 'idf' | 'size'>;
	close(): Promise<void>;
}

const changes = 'understudy_knowledge';
/** Notifications can be missed while a connection is down; this often the index looks for itself. */
const catchUpMs = 5_000;

export function createKnowledge({ database, queue, log, tenantId, conceptsOf }: KnowledgeDeps): Knowledge {
	const query = database.forTenant(tenantId);
	const search = createMeaningIndex(createSearchIndex(), conceptsOf);
	/** The version of each article that this process's index holds. */
	const held = new Map<string, number>();
	let stopListening: (() => Promise<void>) | undefined;
	let timer: NodeJS.Timeout | undefined;

	const refresh = async (articleId?: string) => {
		const known = articleId === undefined ? [...held.keys()] : [];
		const indexed = await readIndexed(query, tenantId, articleId);
		for (const [id, version] of indexed) {
			if (held.get(id) === version) continue;
			search.put(id, await readPassages(query, tenantId, id));
			held.set(id, version);
		}
		// Retired and then deleted, while this process did not hear.
		for (const id of known.filter(id => !indexed.has(id))) {
			search.remove(id);
			held.delete(id);
		}
	};
	const refreshLogged = (articleId?: string) =>
		refresh(articleId).catch(error => log.warn({ articleId, err: error }, 'knowledge index could not be refreshed'));

	return {
		search,

		async put(article) {
			const contentHash = hashOf(article);
			const existing = await query
				.selectFrom('articles')
				.select(['content_hash', 'state'])
				.where('tenant_id', '=', tenantId)
				.where('id', '=', article.id)
				.executeTakeFirst();
			if (existing?.content_hash === contentHash && existing.state === 'published') return 'unchanged';
			await upsertArticle(query, tenantId, article, contentHash);
			await queue.tick('index-article', { tenantId, articleId: article.id });
			return existing ? 'changed' : 'created';
		},

		async retire(articleId) {
			const [retired] = await retireArticles(query, tenantId, sql<boolean>`id = ${articleId}`);
			if (retired) await queue.tick('index-article', { tenantId, articleId });
			return retired !== undefined;
		},

		async index(articleTenant, articleId) {
			await storeChunks(query, articleTenant, articleId);
			await sql`select pg_notify(${changes}, ${articleId})`.execute(query);
		},

		async follow() {
			stopListening = await database.listen(changes, articleId => void refreshLogged(articleId));
			await refresh();
			timer = setInterval(() => void refreshLogged(), catchUpMs);
			timer.unref();
		},

		async close() {
			clearInterval(timer);
			await stopListening?.();
		},
	};
}

function hashOf(article: IncomingArticle): string {
	const { language, title, body, category, audience, url } = article;
	return createHash('sha256')
		.update(JSON.stringify([language, title, body, category, audience, url]))
		.digest('hex');
}

async function upsertArticle(
	query: Kysely<Schema>,
	tenantId: string,
	article: IncomingArticle,
	contentHash: string,
): Promise<void> {
	const content = {
		language: article.language,
		title: article.title,
		body: article.body,
		category: article.category,
		audience: article.audience,
		state: 'published' as const,
		url: article.url,
		source: article.source,
		source_ref: article.sourceRef,
		author: article.author ?? null,
		content_hash: contentHash,
		expires_at: article.expiresAt ?? null,
	};
	await query
		.insertInto('articles')
		.values({ id: article.id, tenant_id: tenantId, ...content })
		.onConflict(conflict =>
			conflict.columns(['tenant_id', 'id']).doUpdateSet({
				...content,
				version: sql`articles.version + 1`,
				updated_at: new Date(),
			}),
		)
		.execute();
}

/** Stores the chunks of the article as it is now; a retired one has none. */
async function storeChunks(query: Kysely<Schema>, tenantId: string, articleId: string): Promise<void> {
	await query.transaction().execute(async tx => {
		const row = await tx
			.selectFrom('articles')
			.selectAll()
			.where('tenant_id', '=', tenantId)
			.where('id', '=', articleId)
			.forUpdate()
			.executeTakeFirst();
		if (!row || row.indexed_version === row.version) return;
		const article: Article = { ...row, audience: row.audience as Audience };
		const passages = row.state === 'published' ? chunkArticle(article) : [];
		await tx.deleteFrom('chunks').where('tenant_id', '=', tenantId).where('article_id', '=', articleId).execute();
		if (passages.length) {
			await tx
				.insertInto('chunks')
				.values(
					passages.map((passage, ordinal) => ({
						tenant_id: tenantId,
						article_id: articleId,
						ordinal: ordinal + 1,
						headings: toJson(passage.headings),
						text: passage.text,
					})),
				)
				.execute();
		}
		await tx
			.updateTable('articles')
			.set({ indexed_version: row.version })
			.where('tenant_id', '=', tenantId)
			.where('id', '=', articleId)
			.execute();
	});
}

/** The version that the chunks of each article hold; of all articles, or of one. */
async function readIndexed(
	query: Kysely<Schema>,
	tenantId: string,
	articleId?: string,
): Promise<ReadonlyMap<string, number>> {
	let rows = query
		.selectFrom('articles')
		.select(['id', 'indexed_version'])
		.where('tenant_id', '=', tenantId)
		.where('indexed_version', '>', 0);
	if (articleId !== undefined) rows = rows.where('id', '=', articleId);
	return new Map((await rows.execute()).map(row => [row.id, row.indexed_version]));
}

async function readPassages(query: Kysely<Schema>, tenantId: string, articleId: string): Promise<Passage[]> {
	const rows = await query
		.selectFrom('chunks')
		.innerJoin('articles', join =>
			join.onRef('articles.id', '=', 'chunks.article_id').onRef('articles.tenant_id', '=', 'chunks.tenant_id'),
		)
		.select(['ordinal', 'headings', 'text', 'title', 'language', 'category', 'audience', 'url'])
		.where('chunks.tenant_id', '=', tenantId)
		.where('chunks.article_id', '=', articleId)
		.orderBy('ordinal')
		.execute();
	return rows.map(({ ordinal, audience, ...row }) => ({
		...row,
		id: `${articleId}#${ordinal}`,
		articleId,
		language: row.language as Language,
		audience: audience as Audience,
	}));
}
