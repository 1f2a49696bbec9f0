import { type Script, scriptOf } from '../script.ts';

export const deadLetters: Script = scriptOf(`
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
`);
