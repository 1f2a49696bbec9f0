import { type Script, scriptOf } from '../script.ts';

// Entries are only ever added. They are written in parallel and chained afterwards, by whoever seals: `audit_pending` says
// what is still loose.
export const auditChain: Script = scriptOf(`
create table audit_pending (
	tenant_id text not null,
	seq bigint not null,
	primary key (tenant_id, seq)
);
insert into audit_pending select tenant_id, seq from audit;

create table audit_seals (
	tenant_id text not null,
	no bigint not null,
	seqs bigint[] not null,
	hashes text[] not null,
	hash text not null,
	sealed_at timestamptz not null default now(),
	primary key (tenant_id, no)
);

create function refuse_change() returns trigger language plpgsql as $$ begin
	raise exception 'the audit trail is append-only';
end $$;
create trigger audit_is_append_only before update or delete on audit for each row execute function refuse_change();
create trigger seals_are_append_only before update or delete on audit_seals for each row execute function refuse_change();
`);
