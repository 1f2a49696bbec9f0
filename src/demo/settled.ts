import type { Kysely } from 'kysely';
import type { Schema } from '../database/schema.ts';

/** Resolves when nothing waits any more: no unread message, open turn, unhandled event or unsent delivery. */
export async function settled(
	query: Kysely<Schema>,
	helpdeskIsIdle: () => Promise<void>,
	timeoutMs = 60_000,
): Promise<void> {
	const deadline = Date.now() + timeoutMs;
	for (let quiet = 0; quiet < 3; ) {
		await helpdeskIsIdle();
		quiet = (await countWaiting(query)) === 0 ? quiet + 1 : 0;
		if (Date.now() > deadline) throw new Error(`work is still waiting after ${timeoutMs / 1000} s`);
		await new Promise(resolve => setTimeout(resolve, 40));
	}
}

async function countWaiting(query: Kysely<Schema>): Promise<number> {
	const { waiting } = await query
		.selectNoFrom(({ selectFrom }) => [
			selectFrom('messages')
				.select(({ fn }) => fn.countAll().as('n'))
				.where('turn_id', 'is', null)
				.where('author', '=', 'customer')
				.where('is_public', '=', true)
				.as('messages'),
			selectFrom('turns')
				.select(({ fn }) => fn.countAll().as('n'))
				.where('state', '=', 'open')
				.as('turns'),
			selectFrom('events')
				.select(({ fn }) => fn.countAll().as('n'))
				.where('handled_at', 'is', null)
				.as('events'),
			selectFrom('deliveries')
				.select(({ fn }) => fn.countAll().as('n'))
				.where('state', 'in', ['queued', 'sending', 'ambiguous'])
				.as('deliveries'),
			selectFrom('conversations')
				.select(({ fn }) => fn.countAll().as('n'))
				.where('harvest_due_since', 'is not', null)
				.as('harvests'),
			selectFrom('articles')
				.select(({ fn }) => fn.countAll().as('n'))
				.whereRef('version', '!=', 'indexed_version')
				.as('articles'),
		])
		.executeTakeFirstOrThrow()
		.then(counts => ({ waiting: Object.values(counts).reduce<number>((sum, n) => sum + Number(n), 0) }));
	return waiting;
}
