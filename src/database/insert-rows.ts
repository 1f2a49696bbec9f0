import { type Insertable, type InsertQueryBuilder, type InsertResult, type Kysely, type RawBuilder, sql } from 'kysely';
import type { JsonText, Schema } from './schema.ts';

/** A row to be stored; JSON as it is, not as text. */
export type Row<Table extends keyof Schema> = {
	[Column in keyof Insertable<Schema[Table]>]: JsonText extends Insertable<Schema[Table]>[Column]
		? unknown
		: Insertable<Schema[Table]>[Column];
};

/**
 * Inserts rows in their order by one parameter: the statement is the same however many they are, so that making, sending and
 * reading it takes no longer for a hundred than for one.
 * @param rows at least one, all with the same columns; those left out get their defaults.
 * @param computed columns that the database works out, from the row's others.
 */
export function insertRows<Table extends keyof Schema>(
	query: Kysely<Schema>,
	table: Table,
	rows: readonly Row<Table>[],
	computed: { [Column in keyof Insertable<Schema[Table]>]?: RawBuilder<unknown> } = {},
): InsertQueryBuilder<Schema, Table, InsertResult> {
	const given = Object.keys(rows[0] as object);
	const values = [...given.map(column => sql.ref(column)), ...(Object.values(computed) as RawBuilder<unknown>[])];
	return query
		.insertInto(table)
		.columns([...given, ...Object.keys(computed)] as (keyof Schema[Table] & string)[])
		.expression(
			sql`select ${sql.join(values)}
				from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::jsonb)`,
		);
}
