import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { audit } from '../../src/audit/audit.ts';
import { sealAudit } from '../../src/audit/audit-chain.ts';
import { verifyAudit } from '../../src/audit/verify-audit.ts';
import type { Schema } from '../../src/database/schema.ts';
import { createRandom } from '../../src/triage/linear-model.ts';
import { databases, openEmbedded, openOnServer } from '../databases.ts';
import { postgresUrl } from '../services.ts';

async function write(query: Kysely<Schema>, entries: number, tenantId = 'default'): Promise<void> {
	for (let i = 0; i < entries; i++) {
		await audit(query, {
			tenantId,
			actor: 'assistant',
			action: 'decided',
			turnId: randomUUID(),
			detail: { i, tier: i % 3 },
		});
	}
}

/** As somebody would who owns the database. */
async function tamper(query: Kysely<Schema>, statement: ReturnType<typeof sql>): Promise<void> {
	await sql`alter table audit disable trigger all`.execute(query);
	await sql`alter table audit_seals disable trigger all`.execute(query);
	await statement.execute(query);
	await sql`alter table audit enable trigger all`.execute(query);
	await sql`alter table audit_seals enable trigger all`.execute(query);
}

describe.each(Object.entries(databases))('the audit trail on %s', (_, open) => {
	it('is whole when nobody has touched it, and says what is not sealed yet', async () => {
		const { query } = await open();
		await write(query, 5);
		await write(query, 3, 'other');
		expect(await sealAudit(query)).toBe(8);
		expect(await sealAudit(query)).toBe(0);
		await write(query, 2);
		const verdict = await verifyAudit(query);
		expect(verdict).toMatchObject({ entries: 8, seals: 2, loose: 2, faults: [] });
		expect(verdict.heads.map(({ tenantId, no }) => [tenantId, no])).toEqual([
			['default', '1'],
			['other', '1'],
		]);
	});

	it('takes no change and no deletion from the application', async () => {
		const { query } = await open();
		await write(query, 2);
		await sealAudit(query);
		await expect(sql`update audit set action = 'nothing'`.execute(query)).rejects.toThrow('append-only');
		await expect(sql`delete from audit`.execute(query)).rejects.toThrow('append-only');
		await expect(sql`delete from audit_seals`.execute(query)).rejects.toThrow('append-only');
	});

	it('shows each of many random tamperings, and where', async () => {
		const { query } = await open();
		for (let round = 0; round < 12; round++) {
			await write(query, 5);
			await sealAudit(query);
		}
		const random = createRandom(7);
		const entries = (await query.selectFrom('audit').selectAll().orderBy('seq').execute()).map(row => String(row.seq));
		const pick = () => entries[Math.floor(random() * entries.length)] as string;
		const acts: ((
			seq: string,
			other: string,
		) => { statement: ReturnType<typeof sql>; undo: ReturnType<typeof sql> })[] = [
			seq => ({
				statement: sql`update audit set action = action || '!' where seq = ${seq}`,
				undo: sql`update audit set action = rtrim(action, '!') where seq = ${seq}`,
			}),
			seq => ({
				statement: sql`update audit set at = at + interval '1 microsecond' where seq = ${seq}`,
				undo: sql`update audit set at = at - interval '1 microsecond' where seq = ${seq}`,
			}),
			seq => ({
				statement: sql`update audit set detail = jsonb_set(detail, '{tier}', '9') where seq = ${seq}`,
				undo: sql`update audit set detail = jsonb_set(detail, '{tier}', to_jsonb((detail ->> 'i')::int % 3)) where seq = ${seq}`,
			}),
			seq => ({
				statement: sql`update audit set tenant_id = 'stolen' where seq = ${seq}`,
				undo: sql`update audit set tenant_id = 'default' where seq = ${seq}`,
			}),
		];
		for (let round = 0; round < 100; round++) {
			const seq = pick();
			const { statement, undo } = (acts[round % acts.length] as (typeof acts)[number])(seq, pick());
			await tamper(query, statement);
			expect(
				(await verifyAudit(query)).faults.map(fault => fault.seq),
				`round ${round}`,
			).toContain(seq);
			await tamper(query, undo);
		}
		expect((await verifyAudit(query)).faults).toEqual([]);
	});

	it('shows what was removed, moved and slipped in, and a seal that was made to fit', async () => {
		const { query } = await open();
		for (let round = 0; round < 3; round++) {
			await write(query, 4);
			await sealAudit(query);
		}
		const heads = (await verifyAudit(query)).heads;
		const seqs = (await query.selectFrom('audit').select('seq').orderBy('seq').execute()).map(({ seq }) => String(seq));
		const [first, second, third] = seqs as [string, string, string];
		const faults = async () => (await verifyAudit(query, heads)).faults.map(({ kind, seq }) => `${kind} ${seq}`);

		await tamper(query, sql`delete from audit where seq = ${third}`);
		expect(await faults()).toEqual([`removed ${third}`]);

		// Two entries change places: everything but the number.
		const swap = sql`
			update audit one set (id, actor, action, at, conversation_id, turn_id, detail) =
				(select gen_random_uuid(), actor, action, at, conversation_id, turn_id, detail from audit other
					where other.seq = case one.seq when ${first} then ${second}::bigint else ${first}::bigint end)
			where seq in (${first}, ${second})`;
		await tamper(query, swap);
		expect(await faults()).toEqual([`changed ${first}`, `changed ${second}`, `removed ${third}`]);

		await tamper(
			query,
			sql`insert into audit (id, tenant_id, actor, action, detail) values (gen_random_uuid(), 'default', 'agent:1', 'approved', '{}')`,
		);
		expect((await faults()).at(-1)).toMatch(/^slipped_in/);

		// A forger who knows the code removes the last seal and its entries: only a head kept elsewhere tells.
		await tamper(query, sql`delete from audit where seq > ${seqs[7]}`);
		await tamper(query, sql`delete from audit_seals where no = 3`);
		expect(await faults()).toEqual([`changed ${first}`, `changed ${second}`, `removed ${third}`, 'seal_removed 3']);

		await tamper(query, sql`update audit_seals set seqs = seqs[2:], hashes = hashes[2:] where no = 2`);
		expect(await faults()).toContain('seal_changed 2');
	});
});

it('an entry that vanished before it was sealed is missed all the same', async () => {
	const { query } = await openEmbedded();
	await write(query, 3);
	const [first] = (await query.selectFrom('audit').select('seq').orderBy('seq').execute()).map(({ seq }) =>
		String(seq),
	);
	await tamper(query, sql`delete from audit where seq = ${first}`);
	await sealAudit(query);
	expect((await verifyAudit(query)).faults).toEqual([{ tenantId: 'default', kind: 'removed', seq: first }]);
});

it.runIf(postgresUrl)('writing to the trail waits for nobody, sealing neither', async () => {
	const { query } = await openOnServer();
	await write(query, 1);
	// Two transactions that both have written and have not committed; a sealer in between.
	const { promise: held, resolve: release } = Promise.withResolvers<void>();
	const { promise: hasWritten, resolve: written } = Promise.withResolvers<void>();
	const slow = query.transaction().execute(async tx => {
		await write(tx, 1);
		written();
		await held;
	});
	await hasWritten;
	await query.transaction().execute(tx => write(tx, 1));
	expect(await sealAudit(query)).toBe(2);
	release();
	await slow;
	expect(await sealAudit(query)).toBe(1);
	expect(await verifyAudit(query)).toMatchObject({ entries: 3, seals: 2, loose: 0, faults: [] });
});
