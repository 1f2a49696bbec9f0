import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { UnderstudyError } from '../errors.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';
import { createTenantDialect, findApplicationRole, type ServerNeeds } from './tenant-dialect.ts';

const needs: ServerNeeds = {
	quote: pg.escapeLiteral,
	settings: {
		// What is worked on is in memory; by its default the planner would rather read whole tables than look rows up.
		random_page_cost: '1.1',
		// A process that hangs in the middle of a transaction holds the others up for so long, and no longer.
		lock_timeout: '10s',
		idle_in_transaction_session_timeout: '30s',
	},
};

/** A database on a PostgreSQL server, Understudy's alone. */
export async function openPostgres(url: string): Promise<Database> {
	const pool = new pg.Pool({ connectionString: url, max: 10, keepAlive: true, pipeline: true });
	// An idle connection that drops is replaced on next use; without a listener it would end the process.
	pool.on('error', () => undefined);
	// The pool's own listener covers idle connections only; one that is cut while it works fails its query, not the process.
	pool.on('connect', client => client.on('error', () => undefined));
	await pool.query('select 1').catch(cause => {
		throw new UnderstudyError(
			'DATABASE_UNREACHABLE',
			`DATABASE_URL names a database that cannot be opened: ${cause.message}. Is PostgreSQL running there, and may this user connect?`,
			{ cause },
		);
	});
	const dialect = new PostgresDialect({ pool });
	const query = new Kysely<Schema>({ dialect });
	const role = await findApplicationRole(query);
	return {
		query,
		forTenant: tenantId => new Kysely<Schema>({ dialect: createTenantDialect(dialect, tenantId, role, needs) }),
		listen: async (channel, onPayload) => {
			const client = new pg.Client({ connectionString: url, keepAlive: true });
			await client.connect();
			client.on('error', () => undefined);
			client.on('notification', message => {
				if (message.channel === channel) onPayload(message.payload ?? '');
			});
			await client.query(`listen "${channel}"`);
			return () => client.end();
		},
		close: () => query.destroy(),
	};
}
