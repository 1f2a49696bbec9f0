import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Schema } from '../src/database/schema.ts';
import type { Logger } from '../src/log.ts';
import type { BulkQueue, Job, Stage } from '../src/pipeline.ts';

export interface SweepDeps {
	query: Kysely<Schema>;
	queue: BulkQueue;
	log: Logger;
	/** Work younger than this is presumed to be on its way. */
	graceMs: number;
}

type SweptStage = 'respond' | 'deliver' | 'review' | 'harvest';

/** Conversations ticked in one go. */
const batch = 500;
/** A queue this deep has not lost its jobs; what it may have lost is found when it has drained. */
const deepBacklog = 1000;

/** Ticks again whatever has unhandled work, so that a lost job costs delay and nothing else. */
export function createSweep({ query, queue, log, graceMs }: SweepDeps): Job<'sweep'> {
	const before = sql<Date>`now() - make_interval(secs => ${graceMs / 1000})`;

	/** Conversations with unhandled work of a stage, and since when. */
	const waiting: Record<SweptStage, () => RawBuilder<unknown>> = {
		respond: () => sql`
			select conversation_id as id, received_at as since from messages
				where turn_id is null and author = 'customer' and is_public and received_at < ${before}
			union select conversation_id, created_at from turns where state = 'open' and created_at < ${before}
			union select conversation_id, received_at from events where kind = 'changed' and handled_at is null and received_at < ${before}`,
		deliver: () => sql`
			select conversation_id as id, created_at as since from deliveries
				where state in ('queued', 'ambiguous') and due_at < ${before}
					-- A lease that has run out has waited long enough.
					or state = 'sending' and due_at < now()`,
		review: () => sql`
			select conversation_id as id, received_at as since from events
				where kind <> 'changed' and handled_at is null and received_at < ${before}`,
		harvest: () => sql`select id, harvest_due_since as since from conversations where harvest_due_since < ${before}`,
	};

	/** A backlog of any size drains in one sweep, in order of id so that every step goes on where the last one ended. */
	async function sweepStage(stage: SweptStage): Promise<number> {
		if ((await queue.backlog(stage)) > deepBacklog) return 0;
		let found = 0;
		for (let last = '00000000-0000-0000-0000-000000000000'; ; ) {
			const { rows } = await sql<{ id: string }>`
				select distinct id from (${waiting[stage]()}) as waiting
				-- What was given up is left alone; what has come since is not.
				where id > ${last}::uuid and not exists (
					select from dead_letters where stage = ${stage} and state = 'dead' and key = waiting.id::text
						and last_failed_at >= waiting.since
				)
				order by id limit ${batch}`.execute(query);
			await queue.tickAll(
				stage,
				rows.map(({ id }) => ({ conversationId: id })),
			);
			found += rows.length;
			if (rows.length < batch) return found;
			last = (rows.at(-1) as { id: string }).id;
		}
	}

	async function sweepArticles(): Promise<number> {
		const unindexed = await query
			.selectFrom('articles')
			.select(['tenant_id as tenantId', 'id as articleId'])
			.whereRef('version', '!=', 'indexed_version')
			.where('updated_at', '<', before)
			.limit(batch)
			.execute();
		await queue.tickAll('index-article', unindexed);
		return unindexed.length;
	}

	return {
		async run() {
			const found: Partial<Record<Stage, number>> = { 'index-article': await sweepArticles() };
			for (const stage of Object.keys(waiting) as SweptStage[]) found[stage] = await sweepStage(stage);
			if (Object.values(found).some(Boolean)) log.info(found, 'sweep found unhandled work');
		},
	};
}
