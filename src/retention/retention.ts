import { type Kysely, type RawBuilder, sql } from 'kysely';
import { type AuditEntry, audit } from '../audit/audit.ts';
import { cutAudit, readCuttable } from '../audit/audit-cut.ts';
import type { Schema } from '../database/schema.ts';
import { retireArticles } from '../knowledge/retire-articles.ts';
import type { Queue } from '../pipeline.ts';
import type { Policy } from '../policy/policy.ts';
import { type Deletable, deletables, type Kind } from './deletable.ts';

/** How many of each kind are gone, and how many articles expired. */
export type Retained = Record<Kind | 'expired', number>;

/** Keeps what is over and done with for its period, and no longer. */
export interface Retention {
	/** Deletes what is due. In small transactions, so nobody waits long, and a run that is killed is finished by the next. */
	run(by: AuditEntry['actor']): Promise<Retained>;
	/** What a run would delete. Changes nothing. */
	count(): Promise<Retained>;
}

export interface RetentionDeps {
	query: Kysely<Schema>;
	queue: Queue;
	tenantId: string;
	/** In days; null for ever. */
	periods: Policy['retention'];
	/** Rows of one transaction. */
	batch?: number;
}

export function createRetention({ query, queue, tenantId, periods, batch = 500 }: RetentionDeps): Retention {
	return {
		async run(actor) {
			const retained = nothing();
			const expired = await retireArticles(query, tenantId, isExpired);
			for (const articleId of expired) await queue.tick('index-article', { tenantId, articleId });
			retained.expired = expired.length;
			for (const deletable of deletables) {
				const { kind } = deletable;
				const before = await endOf(periods[kind]);
				if (before) retained[kind] = await deleteAll(deletable, before, actor);
			}
			const before = await endOf(periods.audit);
			if (before) retained.audit = await cutAudit(query, { tenantId, actor, before, batch });
			return retained;
		},

		async count() {
			const retained = nothing();
			retained.expired = await countRows('articles', sql`state = 'published' and ${isExpired}`);
			for (const { kind, table, isOver } of deletables) {
				const before = await endOf(periods[kind]);
				if (before) retained[kind] = await countRows(table, isOver(before));
			}
			const before = await endOf(periods.audit);
			if (before) retained.audit = (await readCuttable(query, tenantId, before))?.entries ?? 0;
			return retained;
		},
	};

	/** Before when what is over is deleted. Whole days by the database's clock, so that the trail tells of it once a day. */
	async function endOf(days: number | null): Promise<Date | undefined> {
		if (days === null) return undefined;
		const { rows } = await sql<{ before: Date }>`
			select date_trunc('day', now() - make_interval(days => ${days})) as before`.execute(query);
		return rows[0]?.before;
	}

	async function countRows(table: keyof Schema, which: RawBuilder<boolean>): Promise<number> {
		const { rows } = await sql<{ n: number }>`
			select count(*)::float8 as n from ${sql.table(table)} where tenant_id = ${tenantId} and ${which}`.execute(query);
		return rows[0]?.n ?? 0;
	}

	/** In order of id, so that every batch goes on where the last one ended. */
	async function deleteAll(deletable: Deletable, before: Date, actor: AuditEntry['actor']): Promise<number> {
		let gone = 0;
		for (let last: string | undefined; ; ) {
			const { deleted, ids } = await query.transaction().execute(tx => deleteBatch(tx, deletable, before, last, actor));
			gone += deleted;
			if (ids.length < batch) return gone;
			last = ids.at(-1);
		}
	}

	async function deleteBatch(
		tx: Kysely<Schema>,
		{ kind, table, idType, isOver }: Deletable,
		before: Date,
		last: string | undefined,
		actor: AuditEntry['actor'],
	): Promise<{ deleted: number; ids: string[] }> {
		const type = sql.raw(idType);
		const isNext = last === undefined ? sql`true` : sql`id > ${last}::${type}`;
		const held = await sql<{ id: string }>`
			select id from ${sql.table(table)} where tenant_id = ${tenantId} and ${isNext} and ${isOver(before)}
			order by id limit ${batch} for update skip locked`.execute(tx);
		const ids = held.rows.map(({ id }) => id);
		if (ids.length === 0) return { deleted: 0, ids };
		// Asked again, now that they are held: a webhook may have stored something between the look and the lock.
		const { numAffectedRows = 0n } = await sql`
			delete from ${sql.table(table)}
			where tenant_id = ${tenantId} and id = any(${ids}::${type}[]) and ${isOver(before)}`.execute(tx);
		const deleted = Number(numAffectedRows);
		const detail = { kind, rows: deleted, before: before.toISOString() };
		if (deleted > 0) await audit(tx, { tenantId, actor, action: 'retention_deleted', detail });
		return { deleted, ids };
	}
}

const isExpired = sql<boolean>`expires_at < now()`;

const nothing = (): Retained => ({
	events: 0,
	conversations: 0,
	expired: 0,
	articles: 0,
	candidates: 0,
	deadLetters: 0,
	audit: 0,
});
