import { type Kysely, sql } from 'kysely';
import { createBatch } from './batch.ts';
import type { ClaimedDelivery } from './claim-deliveries.ts';
import type { Schema } from './database/schema.ts';
import type { Metrics } from './metrics.ts';
import type { Outbox } from './outbox.ts';

/** The outbox with a count of what came of each delivery, and how long customers waited for a first answer. */
export function measureOutbox(
	outbox: Outbox,
	query: Kysely<Schema>,
	metrics: Pick<Metrics, 'delivery' | 'firstResponse'>,
): Outbox {
	const count = ({ tenant_id, kind }: ClaimedDelivery, outcome: 'sent' | 'stale' | 'failed') =>
		metrics.delivery(tenant_id, kind, outcome);
	const firstResponse = createBatch((ids: string[]) => firstResponseSeconds(query, ids));
	return {
		...outbox,
		async sent(delivery, receipt) {
			await outbox.sent(delivery, receipt);
			count(delivery, 'sent');
			if (delivery.kind !== 'reply') return;
			const seconds = await firstResponse(delivery.conversation_id);
			if (seconds !== undefined) metrics.firstResponse(delivery.tenant_id, seconds);
		},
		async stale(delivery, reason) {
			await outbox.stale(delivery, reason);
			count(delivery, 'stale');
		},
		async failed(delivery, error, instead) {
			await outbox.failed(delivery, error, instead);
			if (instead?.kind !== 'again') count(delivery, 'failed');
		},
	};
}

/** How long customers have waited, where the public answer that was just sent is the first; undefined where it is not. */
async function firstResponseSeconds(
	query: Kysely<Schema>,
	conversationIds: readonly string[],
): Promise<(number | undefined)[]> {
	const { rows } = await sql<{ id: string; seconds: number | null }>`
		select conversation_id as id,
			extract(epoch from now() - min(received_at) filter (where author = 'customer'))::float8 as seconds
		from messages where conversation_id = any(${conversationIds}::uuid[]) and is_public
		group by conversation_id having count(*) filter (where author <> 'customer') = 1`.execute(query);
	const seconds = new Map(rows.map(row => [row.id, row.seconds ?? undefined]));
	return conversationIds.map(id => seconds.get(id));
}
