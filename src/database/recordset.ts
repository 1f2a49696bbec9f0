import { type RawBuilder, sql } from 'kysely';

/**
 * Rows as a table expression of one parameter, to update many rows with values of their own in one statement.
 * @param columns SQL type by name; names and types are ours, never input.
 */
export function recordset(
	name: string,
	columns: Record<string, string>,
	rows: readonly Record<string, unknown>[],
): RawBuilder<unknown> {
	const shape = Object.entries(columns).map(([column, type]) => `${column} ${type}`);
	return sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as ${sql.raw(`${name} (${shape.join(', ')})`)}`;
}
