import type { CompiledQuery, QueryExecutorProvider, Transaction } from 'kysely';
import { allOver } from './all-over.ts';
import type { Schema } from './schema.ts';

/** A statement that has been written and not been sent: a query builder, or `sql`. */
export interface Statement<Row = unknown> {
	compile(provider: QueryExecutorProvider): CompiledQuery<Row>;
}

type RowsOf<S> = S extends Statement<infer Row> ? Row[] : undefined;

/**
 * Sends statements of a transaction at once. They run one after the other in the order given, each seeing what those before it
 * did; only nobody waits in between, which is most of the time that a transaction takes.
 * @param statements those that are undefined are left out.
 * @throws what the first that failed has thrown, once all are over.
 */
export function together<Statements extends readonly (Statement | undefined)[]>(
	tx: Transaction<Schema>,
	...statements: Statements
): Promise<{ -readonly [I in keyof Statements]: RowsOf<Statements[I]> }> {
	return tx.getExecutor().provideConnection(async connection => {
		const results = await allOver(
			...statements.map(statement => statement && connection.executeQuery(statement.compile(tx))),
		);
		return results.map(result => result?.rows) as { -readonly [I in keyof Statements]: RowsOf<Statements[I]> };
	});
}
