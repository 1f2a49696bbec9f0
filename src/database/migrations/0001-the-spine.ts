import { type Script, scriptOf } from '../script.ts';

export const spine: Script = scriptOf(`
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
`);
