// A trail that is not kept for ever is cut at its beginning, in whole seals. An entry declares the cut, and is chained like any
// other; from then on the chain hangs on the hash that it names. What is gone without such an entry was removed.
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../database/schema.ts';
import { type AuditEntry, audit } from './audit.ts';

/** Where a tenant's trail begins, and since when. */
export interface AuditCut {
	/** The last seal that was cut off, and its hash: what the next one stands on. */
	through: string;
	hash: string;
	at: Date;
}

/** The cut that was declared last, if one ever was. */
export async function readCut(query: Kysely<Schema>, tenantId: string): Promise<AuditCut | undefined> {
	const { rows } = await sql<AuditCut>`
		select detail ->> 'through' as through, detail ->> 'hash' as hash, at from audit
		where tenant_id = ${tenantId} and action = 'audit_cut' order by (detail ->> 'through')::bigint desc limit 1`.execute(
		query,
	);
	return rows[0];
}

/** Everything sealed before `before`, but for the newest seal, which the next one will stand on. */
export async function readCuttable(
	query: Kysely<Schema>,
	tenantId: string,
	before: Date,
): Promise<{ through: string; hash: string; entries: number } | undefined> {
	const { rows } = await sql<{ through: string; hash: string; entries: number }>`
		select no::text as through, hash, (sum(cardinality(seqs)) over (order by no))::float8 as entries from audit_seals
		where tenant_id = ${tenantId} and no < (
			select coalesce(min(no) filter (where sealed_at >= ${before}), max(no)) from audit_seals where tenant_id = ${tenantId}
		)
		order by no desc limit 1`.execute(query);
	return rows[0];
}

/** Cuts off everything sealed before `before`. Returns how many entries are gone. A run that is killed is finished by the next. */
export async function cutAudit(
	query: Kysely<Schema>,
	{ tenantId, actor, before, batch }: Pick<AuditEntry, 'tenantId' | 'actor'> & { before: Date; batch: number },
): Promise<number> {
	const cuttable = await readCuttable(query, tenantId, before);
	if (!cuttable) return 0;
	const declared = await readCut(query, tenantId);
	if (!declared || BigInt(declared.through) < BigInt(cuttable.through)) {
		const { through, hash, entries } = cuttable;
		await audit(query, { tenantId, actor, action: 'audit_cut', detail: { through, hash, entries } });
	}
	for (let gone = 0; ; ) {
		const { rows } = await sql<{ seals: number; entries: number }>`select * from drop_cut_audit(${batch})`.execute(
			query,
		);
		const dropped = rows[0] ?? { seals: 0, entries: 0 };
		if (dropped.seals === 0) return gone;
		gone += dropped.entries;
	}
}
