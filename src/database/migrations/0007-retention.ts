import { type Kysely, sql } from 'kysely';
import { scriptOf } from '../script.ts';
import { applicationRole, findApplicationRole } from '../tenant-dialect.ts';

/** What may be deleted by age, and how: nothing but `drop_cut_audit` takes anything off the audit trail. */
export async function retention(db: Kysely<unknown>): Promise<void> {
	await script(db);
	await sql.raw('revoke execute on function drop_cut_audit from public').execute(db);
	if ((await findApplicationRole(db)) === undefined) return;
	await sql.raw(`grant execute on function drop_cut_audit to ${applicationRole}`).execute(db);
}

// What was harvested outlives its conversation; it knows the ticket. The indexes are what a cascade looks rows up by.
//
// The function runs with its owner's rights, a superuser's perhaps, so it names the tenant itself. It drops what an entry of
// the trail has declared cut, whole seals at a time, and neither the newest seal nor anything of the last 30 days, whatever
// has been declared.
const script = scriptOf(`
alter table candidates alter column conversation_id drop not null;
alter table candidates drop constraint candidates_conversation_id_fkey;
alter table candidates add constraint candidates_conversation_id_fkey
	foreign key (conversation_id) references conversations on delete set null;

create index events_of_conversation on events (conversation_id);
create index drafts_of_conversation on drafts (conversation_id);
create index deliveries_of_conversation on deliveries (conversation_id);
create index deliveries_of_turn on deliveries (turn_id);
create index outcomes_of_draft on outcomes (draft_id) where draft_id is not null;
create index audit_cuts on audit (tenant_id, seq) where action = 'audit_cut';

create or replace function refuse_change() returns trigger language plpgsql as $$ begin
	if tg_op = 'DELETE' and current_setting('understudy.dropping_cut', true) = 'yes' then
		return old;
	end if;
	raise exception 'the audit trail is append-only';
end $$;

create function drop_cut_audit(most integer, out seals integer, out entries integer)
language plpgsql security definer set search_path = public, pg_temp as $$ declare
	tenant constant text := current_setting('understudy.tenant', true);
	through bigint;
	newest bigint;
	last bigint;
begin
	select max((detail ->> 'through')::bigint) into through from audit where tenant_id = tenant and action = 'audit_cut';
	select max(no) into newest from audit_seals where tenant_id = tenant;
	select max(no) into last from (
		select no, sealed_at, sum(cardinality(seqs)) over (order by no) - cardinality(seqs) as before
		from audit_seals where tenant_id = tenant and no <= through and no < newest order by no limit most
	) as oldest where before < most and sealed_at < now() - interval '30 days';
	perform set_config('understudy.dropping_cut', 'yes', true);
	delete from audit where tenant_id = tenant and seq in (
		select unnest(seqs) from audit_seals where tenant_id = tenant and no <= last
	);
	get diagnostics entries = row_count;
	delete from audit_seals where tenant_id = tenant and no <= last;
	get diagnostics seals = row_count;
	perform set_config('understudy.dropping_cut', '', true);
end $$;
`);
