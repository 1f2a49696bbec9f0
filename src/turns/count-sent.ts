import { sql } from 'kysely';

/** How many messages of one sender within how long are a flood. */
export interface FloodLimit {
	messages: number;
	minutes: number;
}

/** How many messages each of these authors has sent lately. One beyond twice the limit is not counted further. */
export function countSent(authorIds: ReadonlySet<string>, limit: FloodLimit) {
	if (authorIds.size === 0) return undefined;
	return sql<{ author_id: string; sent: number }>`
		select author_id, (
			select count(*) from (
				select from messages
				where author = 'customer' and messages.author_id = authors.author_id
					and received_at > now() - make_interval(mins => ${limit.minutes})
				limit ${2 * limit.messages + 1}
			) as lately
		)::int as sent
		from unnest(${[...authorIds]}::text[]) as authors (author_id)`;
}
