import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { applicationRole, findApplicationRole } from './tenant-dialect.ts';

/** Every migration in order. One that has been released is never edited: a change is a new one. */
export const migrations: Record<string, Migration> = {
	'0001-the-spine': { up: db => run(db, spine) },
	'0002-dead-letters': { up: db => run(db, deadLetters) },
	'0003-audit-chain': { up: db => run(db, auditChain) },
	'0004-tenancy': { up: separateTenants },
};

// Plain DDL: PostgreSQL and PGlite read the same text, and so does a database administrator.
const spine = `
create table conversations (
	id uuid primary key,
	tenant_id text not null,
	channel text not null,
	external_id text not null,
	requester_id text not null,
	requester_name text,
	requester_email text,
	requester_locale text,
	organization_id text,
	subject text,
	language text,
	held_by text not null default 'assistant' check (held_by in ('assistant', 'person')),
	status text not null default 'open' check (status in ('open', 'solved', 'closed')),
	harvest_due_since timestamptz,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	unique (tenant_id, channel, external_id)
);
create index conversations_to_harvest on conversations (harvest_due_since) where harvest_due_since is not null;

create table turns (
	id uuid primary key,
	tenant_id text not null,
	conversation_id uuid not null references conversations on delete cascade,
	state text not null check (state in ('open', 'concluded')),
	failures integer not null default 0,
	language text,
	intent text,
	tier smallint,
	confidence double precision,
	triage jsonb,
	passages jsonb,
	answer jsonb,
	decision jsonb,
	created_at timestamptz not null default now(),
	concluded_at timestamptz
);
create unique index one_open_turn on turns (conversation_id) where state = 'open';
create index turns_of_conversation on turns (conversation_id, created_at);

create table messages (
	seq bigint generated always as identity,
	id uuid primary key,
	tenant_id text not null,
	conversation_id uuid not null references conversations on delete cascade,
	external_id text not null,
	author text not null check (author in ('customer', 'agent', 'assistant')),
	author_id text not null,
	is_public boolean not null,
	text text not null,
	written_at timestamptz not null,
	received_at timestamptz not null default now(),
	turn_id uuid references turns on delete set null,
	unique (conversation_id, external_id)
);
create index messages_of_turn on messages (turn_id);
create index messages_waiting on messages (conversation_id) where turn_id is null and author = 'customer' and is_public;

create table events (
	seq bigint generated always as identity,
	id uuid primary key,
	tenant_id text not null,
	channel text not null,
	vendor_event_id text not null,
	conversation_id uuid not null references conversations on delete cascade,
	kind text not null,
	payload jsonb not null,
	received_at timestamptz not null default now(),
	handled_at timestamptz,
	unique (tenant_id, channel, vendor_event_id)
);
create index events_waiting on events (conversation_id, seq) where handled_at is null;

create table drafts (
	id uuid primary key,
	tenant_id text not null,
	conversation_id uuid not null references conversations on delete cascade,
	turn_id uuid not null unique references turns on delete cascade,
	language text not null,
	text text not null,
	citations jsonb not null,
	based_on text not null,
	state text not null check (state in ('pending', 'claimed', 'sent', 'rejected', 'stale')),
	decided_by text,
	reason text,
	created_at timestamptz not null default now(),
	decided_at timestamptz
);
create unique index one_pending_draft on drafts (conversation_id) where state = 'pending';

create table outcomes (
	id uuid primary key,
	tenant_id text not null,
	turn_id uuid not null references turns on delete cascade,
	draft_id uuid references drafts on delete cascade,
	kind text not null,
	detail jsonb not null,
	created_at timestamptz not null default now(),
	unique (turn_id, kind)
);

create table deliveries (
	seq bigint generated always as identity,
	id uuid primary key,
	tenant_id text not null,
	conversation_id uuid not null references conversations on delete cascade,
	turn_id uuid references turns on delete cascade,
	draft_id uuid references drafts on delete cascade,
	kind text not null check (kind in ('reply', 'note', 'hand_over', 'settle_review')),
	payload jsonb not null,
	state text not null check (state in ('queued', 'sending', 'ambiguous', 'sent', 'stale', 'failed')),
	attempts integer not null default 0,
	due_at timestamptz not null default now(),
	external_id text,
	error text,
	created_at timestamptz not null default now(),
	sent_at timestamptz
);
create unique index one_delivery_of_a_kind_per_turn on deliveries (turn_id, kind) where draft_id is null;
create unique index one_delivery_of_a_kind_per_draft on deliveries (draft_id, kind) where draft_id is not null;
create index deliveries_waiting on deliveries (conversation_id, seq) where state in ('queued', 'sending', 'ambiguous');

create table articles (
	id text not null,
	tenant_id text not null,
	language text not null,
	title text not null,
	body text not null,
	category text,
	audience text not null,
	state text not null check (state in ('published', 'retired')),
	url text,
	source text not null,
	source_ref text not null,
	author text,
	content_hash text not null,
	version integer not null default 1,
	indexed_version integer not null default 0,
	expires_at timestamptz,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, id)
);
create index articles_changed on articles (tenant_id, updated_at);

create table chunks (
	tenant_id text not null,
	article_id text not null,
	ordinal integer not null,
	headings jsonb not null,
	text text not null,
	primary key (tenant_id, article_id, ordinal),
	foreign key (tenant_id, article_id) references articles (tenant_id, id) on delete cascade
);

create table candidates (
	id uuid primary key,
	tenant_id text not null,
	conversation_id uuid not null references conversations on delete cascade,
	language text not null,
	title text not null,
	question text not null,
	answer text not null,
	intent text,
	audience text not null,
	state text not null check (state in ('staged', 'published', 'joined', 'discarded')),
	flags jsonb not null,
	ticket_ref text not null,
	agent_id text not null,
	article_id text,
	reason text,
	created_at timestamptz not null default now(),
	decided_at timestamptz,
	unique (conversation_id)
);

create table audit (
	seq bigint generated always as identity primary key,
	id uuid not null unique,
	tenant_id text not null,
	at timestamptz not null default now(),
	actor text not null,
	action text not null,
	conversation_id uuid,
	turn_id uuid,
	detail jsonb not null
);
create index audit_of_conversation on audit (conversation_id, seq);
`;

const deadLetters = `
create table dead_letters (
	id uuid primary key,
	tenant_id text not null,
	stage text not null,
	key text not null,
	payload jsonb not null,
	failures integer not null default 1,
	state text not null default 'failing' check (state in ('failing', 'dead')),
	error text not null,
	first_failed_at timestamptz not null default now(),
	last_failed_at timestamptz not null default now(),
	unique (tenant_id, stage, key)
);
create index deliveries_failed on deliveries (created_at) where state = 'failed';
`;

// Entries are only ever added. They are written in parallel and chained afterwards, by whoever seals: `audit_pending` says
// what is still loose. A function body has semicolons of its own, so the script is split at lines that hold nothing else.
const auditChain = `
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
`;

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
async function separateTenants(db: Kysely<unknown>): Promise<void> {
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

async function run(db: Kysely<unknown>, script: string): Promise<void> {
	for (const statement of script.split(/;\n(?=\s*\n|create |insert |$)/).filter(text => text.trim())) {
		await sql.raw(statement).execute(db);
	}
}
