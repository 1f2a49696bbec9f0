import { type Kysely, sql } from 'kysely';
import type { Schema } from './database/schema.ts';
import type { Metrics } from './metrics.ts';
import type { ClaimedDelivery, Outbox } from './outbox.ts';

/** The outbox with a count of what came of each delivery, and how long customers waited for a first answer. */
export function measureOutbox(
	outbox: Outbox,
	query: Kysely<Schema>,
	metrics: Pick<Metrics, 'delivery' | 'firstResponse'>,
): Outbox {
	const count = ({ tenant_id, kind }: ClaimedDelivery, outcome: 'sent' | 'stale' | 'failed') =>
		metrics.delivery(tenant_id, kind, outcome);
	return {
		...outbox,
		async sent(delivery, receipt) {
			await outbox.sent(delivery, receipt);
			count(delivery, 'sent');
			if (delivery.kind !== 'reply') return;
			const seconds = await firstResponseSeconds(query, delivery.conversation_id);
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

/** How long the customer has waited, where the public answer that was just sent is the first; undefined where it is not. */
async function firstResponseSeconds(query: Kysely<Schema>, conversationId: string): Promise<number | undefined> {
	const { rows } = await sql<{ seconds: number; answers: number }>`
		select extract(epoch from now() - min(received_at) filter (where author = 'customer'))::float8 as seconds,
			(count(*) filter (where author <> 'customer'))::int as answers
		from messages where conversation_id = ${conversationId} and is_public`.execute(query);
	const [row] = rows;
	return row?.answers === 1 && row.seconds !== null ? row.seconds : undefined;
}
