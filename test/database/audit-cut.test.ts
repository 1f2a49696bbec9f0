import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { audit } from '../../src/audit/audit.ts';
import { sealAudit } from '../../src/audit/audit-chain.ts';
import { cutAudit } from '../../src/audit/audit-cut.ts';
import { verifyAudit } from '../../src/audit/verify-audit.ts';
import type { Database } from '../../src/database/database.ts';
import type { Schema } from '../../src/database/schema.ts';
import { createRetention } from '../../src/retention/retention.ts';
import { installations } from '../databases.ts';

const tenantId = 'default';
const long = () => new Date(Date.now() - 90 * 86_400_000);

/** As somebody would who owns the database; row-level security binds an owner too, unless they take it off. */
async function tamper(query: Kysely<Schema>, ...statements: ReturnType<typeof sql>[]): Promise<void> {
	const tables = ['audit', 'audit_seals', 'audit_pending'];
	const alter = async (what: string) => {
		for (const table of tables) await sql.raw(`alter table ${table} ${what}`).execute(query);
	};
	await alter('disable trigger all').catch(() => alter('disable trigger user'));
	await alter('no force row level security');
	for (const statement of statements) await statement.execute(query);
	await alter('force row level security');
	await alter('enable trigger user');
}

/** A trail of seals with three entries each: first those that were closed 100 days ago, then those of today. */
async function write({ query, forTenant }: Database, old: number, young: number): Promise<void> {
	const ours = forTenant(tenantId);
	for (let seal = 0; seal < old + young; seal++) {
		for (let i = 0; i < 3; i++) {
			await audit(ours, { tenantId, actor: 'assistant', action: 'decided', turnId: randomUUID(), detail: { i } });
		}
		await sealAudit(ours);
	}
	await tamper(query, sql`update audit_seals set sealed_at = now() - interval '100 days' where no <= ${old}`);
}

const cut = ({ forTenant }: Database, batch = 500) =>
	cutAudit(forTenant(tenantId), { tenantId, actor: 'assistant', before: long(), batch });

const faultsOf = async ({ forTenant }: Database, anchors: Parameters<typeof verifyAudit>[1] = []) =>
	(await verifyAudit(forTenant(tenantId), anchors)).faults.map(({ kind, seq }) => `${kind} ${seq}`);

const sealsLeft = async ({ forTenant }: Database) =>
	(await forTenant(tenantId).selectFrom('audit_seals').select('no').orderBy('no').execute()).map(({ no }) =>
		Number(no),
	);

describe.each(Object.entries(installations))('an audit trail that is cut, on %s', (_, open) => {
	it('loses its oldest seals with their entries, says so, and is whole from there on', async () => {
		const database = await open();
		await write(database, 4, 2);
		const { heads } = await verifyAudit(database.forTenant(tenantId));
		expect(await cut(database)).toBe(12);
		expect(await cut(database)).toBe(0);
		await sealAudit(database.forTenant(tenantId));
		const verdict = await verifyAudit(database.forTenant(tenantId), heads);
		expect(verdict).toMatchObject({ entries: 7, seals: 3, loose: 0, faults: [], cuts: [{ tenantId, through: '4' }] });
		const [entry] = await database
			.forTenant(tenantId)
			.selectFrom('audit')
			.select(['actor', 'detail'])
			.where('action', '=', 'audit_cut')
			.execute();
		expect(entry).toMatchObject({ actor: 'assistant', detail: { through: '4', entries: 12 } });
	});

	it('is still proved by what was noted before, as far as it reaches', async () => {
		const database = await open();
		await write(database, 4, 2);
		const seals = await database.forTenant(tenantId).selectFrom('audit_seals').select(['no', 'hash']).execute();
		const anchors = seals.map(({ no, hash }) => ({ tenantId, no: String(no), hash }));
		await cut(database);
		expect(await faultsOf(database, anchors)).toEqual([]);
		const forged = ['4', '5'].map(no => ({ tenantId, no, hash: '0'.repeat(64) }));
		expect(await faultsOf(database, forged)).toEqual(['seal_removed 4', 'seal_removed 5']);
	});

	it('can be cut again and again', async () => {
		const database = await open();
		await write(database, 2, 1);
		await cut(database);
		await write(database, 3, 2);
		expect(await cut(database)).toBe(3);
		expect(await sealsLeft(database)).toEqual([4, 5, 6, 7, 8]);
		expect(await faultsOf(database)).toEqual([]);
	});

	it('keeps its newest seal however old, so that the next one has something to stand on', async () => {
		const database = await open();
		await write(database, 3, 0);
		expect(await cut(database)).toBe(6);
		await sealAudit(database.forTenant(tenantId));
		expect((await verifyAudit(database.forTenant(tenantId))).cuts).toMatchObject([{ through: '2' }]);
		expect(await sealsLeft(database)).toEqual([3, 4]);
		expect(await faultsOf(database)).toEqual([]);
	});

	it('that was being dropped when the process died is whole, and dropped by the next run', async () => {
		const database = await open();
		await write(database, 6, 1);
		const ours = database.forTenant(tenantId);
		// Declared, and one batch of it gone.
		const [sixth] = await ours.selectFrom('audit_seals').select('hash').where('no', '=', '6').execute();
		const detail = { through: '6', hash: sixth?.hash, entries: 18 };
		await audit(ours, { tenantId, actor: 'assistant', action: 'audit_cut', detail });
		await sql`select drop_cut_audit(3)`.execute(ours);
		expect(await sealsLeft(database)).toEqual([2, 3, 4, 5, 6, 7]);
		expect(await faultsOf(database)).toEqual([]);
		expect(await cut(database, 3)).toBe(15);
		expect(await sealsLeft(database)).toEqual([7]);
		expect(await faultsOf(database)).toEqual([]);
	});

	it('still shows what was changed, removed and slipped in after the cut', async () => {
		const database = await open();
		await write(database, 2, 3);
		await cut(database);
		const { query, forTenant } = database;
		await sealAudit(forTenant(tenantId));
		const seqs = (await forTenant(tenantId).selectFrom('audit').select('seq').orderBy('seq').execute()).map(row =>
			String(row.seq),
		);
		const declared = seqs.at(-1);
		await tamper(query, sql`update audit set action = 'nothing' where seq = ${seqs[0]}`);
		expect(await faultsOf(database)).toEqual([`changed ${seqs[0]}`]);
		await tamper(query, sql`delete from audit where seq = ${seqs[1]}`);
		expect(await faultsOf(database)).toEqual([`changed ${seqs[0]}`, `removed ${seqs[1]}`]);
		// The cut is made to look as if it had gone further.
		await tamper(query, sql`update audit set detail = jsonb_set(detail, '{through}', '"3"') where seq = ${declared}`);
		expect(await faultsOf(database)).toContain(`changed ${declared}`);
	});

	it('that somebody made by hand is found out', async () => {
		const database = await open();
		await write(database, 3, 3);
		const { query, forTenant } = database;
		const byHand = (through: number) =>
			tamper(
				query,
				sql`delete from audit where seq in (select unnest(seqs) from audit_seals where no <= ${through})`,
				sql`delete from audit_seals where no <= ${through}`,
			);
		await byHand(1);
		expect(await faultsOf(database)).toEqual(['seal_removed 1']);
		// More is gone than was declared.
		expect(await cut(database)).toBe(6);
		expect(await faultsOf(database)).toEqual([]);
		await byHand(4);
		expect(await faultsOf(database)).toEqual(['seal_removed 4']);
		// Declared as well, but nowhere chained, and with a hash that the next seal does not stand on.
		const detail = JSON.stringify({ through: '4', hash: '0'.repeat(64) });
		await tamper(
			query,
			sql`insert into audit (id, tenant_id, actor, action, detail)
				values (gen_random_uuid(), ${tenantId}, 'assistant', 'audit_cut', ${detail}::jsonb)`,
		);
		const faults = await faultsOf(database);
		expect(faults).toContain('seal_changed 5');
		expect(faults.at(-1)).toMatch(/^slipped_in/);
		// A cut beyond the end would leave nothing to verify.
		const beyond = JSON.stringify({ through: '999', hash: '0'.repeat(64) });
		await sql`insert into audit (id, tenant_id, actor, action, detail)
			values (gen_random_uuid(), ${tenantId}, 'assistant', 'audit_cut', ${beyond}::jsonb)`.execute(forTenant(tenantId));
		expect(await faultsOf(database)).toContain('seal_removed 1000');
	});

	it('is cut by nobody else, nowhere else, and never in its last 30 days', async () => {
		const database = await open();
		await write(database, 2, 2);
		const { forTenant } = database;
		const ours = forTenant(tenantId);
		await expect(sql`delete from audit`.execute(ours)).rejects.toThrow(/permission denied|append-only/);
		await expect(sql`delete from audit_seals`.execute(ours)).rejects.toThrow(/permission denied|append-only/);
		// Nothing was declared; what another tenant declares is not ours.
		await sql`select drop_cut_audit(500)`.execute(ours);
		const [third] = await ours.selectFrom('audit_seals').select('hash').where('no', '=', '3').execute();
		const detail = { through: '3', hash: third?.hash };
		await audit(forTenant('other'), { tenantId: 'other', actor: 'assistant', action: 'audit_cut', detail });
		await sql`select drop_cut_audit(500)`.execute(forTenant('other'));
		expect(await sealsLeft(database)).toEqual([1, 2, 3, 4]);
		await audit(ours, { tenantId, actor: 'assistant', action: 'audit_cut', detail });
		await sql`select drop_cut_audit(500)`.execute(ours);
		expect(await sealsLeft(database)).toEqual([3, 4]);
		expect(await faultsOf(database)).toEqual([]);
	});

	it('goes with the rest by the policy’s period, and is counted before', async () => {
		const database = await open();
		await write(database, 2, 1);
		const kept = { conversations: null, events: null, candidates: null, articles: null, deadLetters: null };
		const retentionOf = (days: number | null) =>
			createRetention({
				query: database.forTenant(tenantId),
				queue: { tick: async () => undefined },
				tenantId,
				periods: { ...kept, audit: days },
			});
		for (const days of [null, 100]) expect(await retentionOf(days).count()).toMatchObject({ audit: 0 });
		expect(await retentionOf(98).count()).toMatchObject({ audit: 6 });
		expect(await sealsLeft(database)).toEqual([1, 2, 3]);
		expect(await retentionOf(null).run('assistant')).toMatchObject({ audit: 0 });
		expect(await retentionOf(98).run('assistant')).toMatchObject({ audit: 6 });
		expect(await sealsLeft(database)).toEqual([3]);
	});
});
