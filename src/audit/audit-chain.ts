// The chain over the audit trail. Entries are written in parallel; a sealer then takes what is loose, in order, and closes a
// seal over it: the hash of every entry, and one hash over those and the seal before. What was changed, removed, moved or
// slipped in afterwards shows, and which entry it was. What happens to an entry in the seconds before its seal does not.
import { createHash } from 'node:crypto';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Schema } from '../database/schema.ts';

/** Entries of one seal. */
const mostEntries = 1000;

/** What the first seal of a tenant stands on. */
export const beginning = '0'.repeat(64);

/** Closes the chain over what is loose. Returns how many entries; 0 as well where another process is at it. */
export async function sealAudit(query: Kysely<Schema>): Promise<number> {
	const tenants = await query.selectFrom('audit_pending').select('tenant_id').distinct().execute();
	let sealed = 0;
	for (const { tenant_id } of tenants) {
		for (let entries = mostEntries; entries === mostEntries; sealed += entries) {
			entries = await sealTenant(query, tenant_id);
		}
	}
	return sealed;
}

function sealTenant(query: Kysely<Schema>, tenantId: string): Promise<number> {
	return query.transaction().execute(async tx => {
		const lock = await sql<{ ours: boolean }>`
			select pg_try_advisory_xact_lock(hashtext('understudy.audit'), hashtext(${tenantId})) as ours`.execute(tx);
		if (!lock.rows[0]?.ours) return 0;
		const taken = await sql<{ seq: string }>`
			delete from audit_pending where tenant_id = ${tenantId} and seq in (
				select seq from audit_pending where tenant_id = ${tenantId} order by seq limit ${mostEntries}
			) returning seq::text`.execute(tx);
		if (taken.rows.length === 0) return 0;
		const seqs = taken.rows.map(({ seq }) => seq).sort((one, other) => (BigInt(one) < BigInt(other) ? -1 : 1));
		const entries = new Map((await readEntries(tx, tenantId, seqs)).map(entry => [entry.seq, hashOfEntry(entry)]));
		const [before] = await readSeals(tx, sql`tenant_id = ${tenantId} order by audit_seals.no desc limit 1`);
		const no = String(BigInt(before?.no ?? 0) + 1n);
		// One that is gone already is sealed as such, so that its absence shows.
		const hashes = seqs.map(seq => entries.get(seq) ?? 'gone');
		const hash = hashOfSeal({ tenant_id: tenantId, no, seqs, hashes }, before?.hash ?? beginning);
		await sql`
			insert into audit_seals (tenant_id, no, seqs, hashes, hash)
			values (${tenantId}, ${no}, ${seqs}::bigint[], ${hashes}::text[], ${hash})`.execute(tx);
		return seqs.length;
	});
}

export interface Seal {
	tenant_id: string;
	no: string;
	seqs: string[];
	hashes: string[];
	hash: string;
}

/** Numbers as text: the engines' drivers do not agree on what a bigint is. */
export async function readSeals(query: Kysely<Schema>, which: RawBuilder<unknown>): Promise<Seal[]> {
	const { rows } = await sql<Seal>`
		select tenant_id, no::text, seqs::text[], hashes, hash from audit_seals where ${which}`.execute(query);
	return rows;
}

interface Entry {
	seq: string;
	/** Everything but the number, as the database itself writes it: to the microsecond, keys of JSON in its own order. */
	content: string;
}

export async function readEntries(query: Kysely<Schema>, tenantId: string, seqs: readonly string[]): Promise<Entry[]> {
	const { rows } = await sql<Entry>`
		select seq::text, jsonb_build_array(
			id, tenant_id, to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), actor, action, conversation_id, turn_id, detail
		)::text as content
		from audit where tenant_id = ${tenantId} and seq = any (${seqs}::bigint[]) order by audit.seq`.execute(query);
	return rows;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
export const hashOfEntry = ({ content }: Entry) => sha256(content);
export const hashOfSeal = (
	{
		tenant_id,
		no,
		seqs,
		hashes,
	}: { tenant_id: string; no: string; seqs: readonly string[]; hashes: readonly string[] },
	before: string,
) => sha256(JSON.stringify([before, tenant_id, String(no), seqs.map(String), hashes]));
