import { type Kysely, sql } from 'kysely';
import type { Schema } from '../database/schema.ts';
import { beginning, hashOfEntry, hashOfSeal, readEntries, readSeals, type Seal } from './audit-chain.ts';
import { type AuditCut, readCut } from './audit-cut.ts';

/** What is wrong with the trail, in words, and where. */
export interface AuditFault {
	tenantId: string;
	kind: 'changed' | 'removed' | 'moved' | 'slipped_in' | 'seal_changed' | 'seal_removed';
	/** The entry's number, or the seal's. */
	seq: string;
}

export interface AuditVerdict {
	entries: number;
	seals: number;
	/** Written since the last seal: not proved yet. */
	loose: number;
	faults: AuditFault[];
	/** The last seal of each tenant: kept elsewhere, it proves that the end was not cut off either. */
	heads: { tenantId: string; no: string; hash: string }[];
	/** Where a trail begins that is not kept for ever: after the last seal that was cut off, by an entry that says so. */
	cuts: { tenantId: string; through: string; at: Date }[];
}

/**
 * Walks the whole chain, as it is at one moment.
 * @param anchors heads that were noted elsewhere before; each must still be part of the chain, or of what was cut off.
 */
export async function verifyAudit(
	query: Kysely<Schema>,
	anchors: readonly { tenantId: string; no: string; hash: string }[] = [],
): Promise<AuditVerdict> {
	const verdict: AuditVerdict = { entries: 0, seals: 0, loose: 0, faults: [], heads: [], cuts: [] };
	await query
		.transaction()
		.setIsolationLevel('repeatable read')
		.execute(async tx => {
			const tenants = await sql<{ tenant_id: string }>`
				select tenant_id from audit_seals union select tenant_id from audit order by 1`.execute(tx);
			for (const { tenant_id: tenantId } of tenants.rows) await verifyTenant(tx, tenantId, anchors, verdict);
			const loose = await sql<{ n: string }>`select count(*) as n from audit_pending`.execute(tx);
			verdict.loose = Number(loose.rows[0]?.n ?? 0);
		});
	return verdict;
}

async function verifyTenant(
	query: Kysely<Schema>,
	tenantId: string,
	anchors: readonly { tenantId: string; no: string; hash: string }[],
	verdict: AuditVerdict,
): Promise<void> {
	const fault = (kind: AuditFault['kind'], seq: string) => verdict.faults.push({ tenantId, kind, seq });
	const sealAfter = async (no: string) =>
		(await readSeals(query, sql`tenant_id = ${tenantId} and no > ${no} order by audit_seals.no limit 1`))[0];
	const cut = await readCut(query, tenantId);
	const hashOfNo = new Map<string, string>();
	let seal = await sealAfter('0');
	let previous = foundationOf(seal, cut);
	for (; seal; seal = await sealAfter(seal.no)) {
		for (let missing = BigInt(previous.no) + 1n; missing < BigInt(seal.no); missing++) {
			fault('seal_removed', String(missing));
		}
		const isNext = BigInt(seal.no) === BigInt(previous.no) + 1n;
		const isChanged = isNext && hashOfSeal(seal, previous.hash) !== seal.hash;
		if (isChanged || (seal.no === cut?.through && seal.hash !== cut.hash)) fault('seal_changed', seal.no);
		await verifyEntries(query, seal, fault);
		verdict.seals++;
		verdict.entries += seal.seqs.length;
		hashOfNo.set(seal.no, seal.hash);
		previous = seal;
	}
	if (cut) {
		verdict.cuts.push({ tenantId, through: cut.through, at: cut.at });
		if (!hashOfNo.has(cut.through)) hashOfNo.set(cut.through, cut.hash);
		// The newest seal is never cut off.
		if (BigInt(previous.no) <= BigInt(cut.through)) fault('seal_removed', String(BigInt(cut.through) + 1n));
	}
	for (const anchor of anchors) {
		const hash = hashOfNo.get(anchor.no);
		const isCutOff = cut && hash === undefined && BigInt(anchor.no) < BigInt(cut.through);
		if (anchor.tenantId === tenantId && hash !== anchor.hash && !isCutOff) fault('seal_removed', anchor.no);
	}
	// Entries that no seal covers and that do not wait for one either.
	const extra = await sql<{ seq: string }>`
		select seq::text from (
			select seq from audit where tenant_id = ${tenantId}
			except select unnest(seqs) from audit_seals where tenant_id = ${tenantId}
			except select seq from audit_pending where tenant_id = ${tenantId}
		) as extra order by extra.seq`.execute(query);
	for (const { seq } of extra.rows) fault('slipped_in', seq);
	if (previous.no !== '0') verdict.heads.push({ tenantId, no: previous.no, hash: previous.hash });
}

/** What the trail stands on: nothing, or the cut. A first seal that the cut is still to drop stands on what is gone. */
function foundationOf(first: Seal | undefined, cut: AuditCut | undefined): { no: string; hash: string } {
	const isCut = cut !== undefined && first !== undefined && first.no !== '1';
	return isCut ? { no: cut.through, hash: cut.hash } : { no: '0', hash: beginning };
}

async function verifyEntries(
	query: Kysely<Schema>,
	seal: Seal,
	fault: (kind: AuditFault['kind'], seq: string) => void,
): Promise<void> {
	const entries = new Map((await readEntries(query, seal.tenant_id, seal.seqs)).map(entry => [entry.seq, entry]));
	const found = new Map([...entries].map(([seq, entry]) => [seq, hashOfEntry(entry)]));
	for (const [i, seq] of seal.seqs.entries()) {
		const hash = found.get(seq);
		if (hash === undefined) fault('removed', seq);
		else if (hash !== seal.hashes[i]) fault(seal.hashes.includes(hash) ? 'moved' : 'changed', seq);
	}
}
