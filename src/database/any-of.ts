import { type RawBuilder, sql } from 'kysely';

/** Whether a column has one of these ids; unlike `in`, the same statement however many they are. */
export function anyOf(column: string, ids: readonly string[]): RawBuilder<boolean> {
	return sql<boolean>`${sql.ref(column)} = any(${ids}::uuid[])`;
}
