import type { PGlite } from '@electric-sql/pglite';
import pg from 'pg';

/** Runs one statement; `name` makes it prepared where the engine can. */
export type Statement = <Row>(name: string, text: string, values: readonly unknown[]) => Promise<Row[]>;

export function statementsOnPostgres(url: string): { run: Statement; close(): Promise<void> } {
	const pool = new pg.Pool({ connectionString: url, max: 8 });
	return {
		run: async (name, text, values) => (await pool.query({ name, text, values: [...values] })).rows,
		close: () => pool.end(),
	};
}

export function statementsOnPglite(pglite: PGlite): Statement {
	return async <Row>(_name: string, text: string, values: readonly unknown[]) =>
		(await pglite.query<Row>(text, [...values])).rows;
}

/** One statement each: an embedded PostgreSQL, too, takes one at a time. */
export const tables = [
	`create table if not exists conversations (
		id uuid primary key default gen_random_uuid(),
		external_id text not null unique,
		updated_at timestamptz not null default now()
	)`,
	`create table if not exists turns (
		id uuid primary key default gen_random_uuid(),
		conversation_id uuid not null references conversations,
		state text not null,
		answer text,
		created_at timestamptz not null default now(),
		concluded_at timestamptz
	)`,
	`create unique index if not exists one_open_turn on turns (conversation_id) where state = 'open'`,
	`create table if not exists inbox (
		seq bigint generated always as identity primary key,
		conversation_id uuid not null references conversations,
		external_id text not null,
		text text not null,
		received_at timestamptz not null default now(),
		turn_id uuid references turns,
		unique (conversation_id, external_id)
	)`,
	`create table if not exists outbox (
		seq bigint generated always as identity primary key,
		turn_id uuid not null unique references turns,
		conversation_id uuid not null references conversations,
		text text not null,
		state text not null,
		created_at timestamptz not null default now(),
		sent_at timestamptz
	)`,
	`create index if not exists outbox_waiting on outbox (conversation_id) where state <> 'sent'`,
];
