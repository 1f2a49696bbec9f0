import { type Kysely, sql } from 'kysely';
import type { Schema } from '../src/database/schema.ts';
import type { Logger } from '../src/log.ts';
import type { Job, Queue, Stage } from '../src/pipeline.ts';

export interface SweepDeps {
	query: Kysely<Schema>;
	queue: Queue;
	log: Logger;
	/** Work younger than this is presumed to be on its way. */
	graceMs: number;
}

/** At most this many conversations of a kind per sweep: a backlog drains over several. */
const batch = 500;

/** Ticks again whatever has unhandled work, so that a lost job costs delay and nothing else. */
export function createSweep({ query, queue, log, graceMs }: SweepDeps): Job<'sweep'> {
	const before = sql<Date>`now() - make_interval(secs => ${graceMs / 1000})`;

	const waiting: Record<'respond' | 'deliver' | 'review' | 'harvest', () => Promise<{ conversation_id: string }[]>> = {
		respond: () =>
			query
				.selectFrom('messages')
				.select('conversation_id')
				.distinct()
				.where('turn_id', 'is', null)
				.where('author', '=', 'customer')
				.where('is_public', '=', true)
				.where('received_at', '<', before)
				.union(
					query
						.selectFrom('turns')
						.select('conversation_id')
						.where('state', '=', 'open')
						.where('created_at', '<', before),
				)
				.union(
					query
						.selectFrom('events')
						.select('conversation_id')
						.where('kind', '=', 'changed')
						.where('handled_at', 'is', null)
						.where('received_at', '<', before),
				)
				.limit(batch)
				.execute(),
		deliver: () =>
			query
				.selectFrom('deliveries')
				.select('conversation_id')
				.distinct()
				.where('state', 'in', ['queued', 'sending', 'ambiguous'])
				.where('due_at', '<', before)
				.limit(batch)
				.execute(),
		harvest: () =>
			query
				.selectFrom('conversations')
				.select('id as conversation_id')
				.where('harvest_due_since', '<', before)
				.limit(batch)
				.execute(),
		review: () =>
			query
				.selectFrom('events')
				.select('conversation_id')
				.distinct()
				.where('kind', '!=', 'changed')
				.where('handled_at', 'is', null)
				.where('received_at', '<', before)
				.limit(batch)
				.execute(),
	};

	return {
		async run() {
			const found: Partial<Record<Stage, number>> = {};
			const unindexed = await query
				.selectFrom('articles')
				.select(['tenant_id', 'id'])
				.whereRef('version', '!=', 'indexed_version')
				.where('updated_at', '<', before)
				.limit(batch)
				.execute();
			for (const { tenant_id, id } of unindexed) {
				await queue.tick('index-article', { tenantId: tenant_id, articleId: id });
			}
			if (unindexed.length) found['index-article'] = unindexed.length;
			for (const [stage, find] of Object.entries(waiting) as [keyof typeof waiting, (typeof waiting)['respond']][]) {
				const rows = await find();
				for (const row of rows) await queue.tick(stage, { conversationId: row.conversation_id });
				if (rows.length) found[stage] = rows.length;
			}
			if (Object.keys(found).length) log.info(found, 'sweep found unhandled work');
		},
	};
}
