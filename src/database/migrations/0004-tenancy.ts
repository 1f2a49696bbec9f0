import { type Kysely, sql } from 'kysely';
import { applicationRole, findApplicationRole } from '../tenant-dialect.ts';

const tenantTables = [
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

/**
 * Row-level security on every table, for the owner of the tables too. The role is for connections whose own rights go past
 * it (a superuser's, PGlite's); the audit trail it may add to and read, nothing else.
 */
export async function separateTenants(db: Kysely<unknown>): Promise<void> {
	const needsRole = (await findApplicationRole(db)) !== undefined;
	if (needsRole) {
		// Roles belong to the whole server: another database's migration may be making it right now.
		await sql
			.raw(`do $$ begin
				create role ${applicationRole} nologin nosuperuser nobypassrls;
			exception when duplicate_object or unique_violation then null;
			end $$`)
			.execute(db);
		await sql.raw(`grant usage on schema public to ${applicationRole}`).execute(db);
	}
	for (const table of tenantTables) {
		await sql.raw(`alter table ${table} enable row level security`).execute(db);
		await sql.raw(`alter table ${table} force row level security`).execute(db);
		await sql
			.raw(`create policy one_tenant on ${table} using (tenant_id = current_setting('understudy.tenant', true))`)
			.execute(db);
		if (!needsRole) continue;
		const isTrail = table === 'audit' || table === 'audit_seals';
		const rights = isTrail ? 'select, insert' : 'select, insert, update, delete';
		await sql.raw(`grant ${rights} on ${table} to ${applicationRole}`).execute(db);
	}
}
