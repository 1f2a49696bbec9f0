import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Schema } from '../database/schema.ts';

/**
 * Takes published articles out of search. Their passages go with `index-article`, which who asks ticks, or the sweeper.
 * @returns their ids.
 */
export async function retireArticles(
	query: Kysely<Schema>,
	tenantId: string,
	which: RawBuilder<boolean>,
): Promise<string[]> {
	const { rows } = await sql<{ id: string }>`
		update articles set state = 'retired', version = version + 1, updated_at = now()
		where tenant_id = ${tenantId} and state = 'published' and ${which} returning id`.execute(query);
	return rows.map(({ id }) => id);
}
