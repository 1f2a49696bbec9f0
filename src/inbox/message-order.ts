import { type RawBuilder, sql } from 'kysely';

/**
 * What messages of one conversation are ordered by: when they were written, by the vendor's clock. That may count in whole
 * seconds; within one the vendor's ids decide, which every vendor counts upwards, and not who was told of first.
 * @param table the name that the messages have in the query; ours, never input.
 */
export function messageOrder(table = 'messages'): RawBuilder<unknown> {
	const column = (name: string) => sql.ref(`${table}.${name}`);
	const id = column('external_id');
	return sql`(${column('written_at')}, length(${id}), ${id} collate "C", ${column('seq')})`;
}
