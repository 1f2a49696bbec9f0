import { type Selectable, sql, type Transaction } from 'kysely';
import type { Conversation } from './conversation.ts';
import { toConversation } from './conversations.ts';
import type { Schema } from './database/schema.ts';

/** A row of the outbox that this run alone may send. */
export type ClaimedDelivery = Selectable<Schema['deliveries']> & {
	conversation: Conversation;
	/** An earlier attempt may have had its effect: look for the marker before sending. */
	mustLookUp: boolean;
	/** Nothing else waits for this conversation: what is queued from now on is announced by itself. */
	isLast: boolean;
};

/** The next delivery of each conversation, in order; how long to wait where it is not due or another run has it. */
export async function claimDeliveries(
	tx: Transaction<Schema>,
	conversationIds: readonly string[],
	leaseMs: number,
): Promise<(ClaimedDelivery | { waitMs: number } | undefined)[]> {
	const { rows } = await sql<Selectable<Schema['deliveries']> & { wait_ms: number; waiting: number }>`
		select deliveries.*, waiting.count as waiting,
			-- The database's clock decides, so that processes with different clocks agree.
			(extract(epoch from due_at - now()) * 1000)::float8 as wait_ms
		from deliveries join (
			select (array_agg(id order by seq))[1] as id, count(*)::int as count from deliveries
			where conversation_id = any(${conversationIds}::uuid[]) and state in ('queued', 'sending', 'ambiguous')
			group by conversation_id
		) as waiting using (id)
		where state in ('queued', 'sending', 'ambiguous')
		order by conversation_id for no key update of deliveries`.execute(tx);
	const due = rows.filter(row => row.wait_ms <= 0);
	if (due.length > 0) {
		await tx
			.updateTable('deliveries')
			.set(expression => ({
				state: 'sending',
				attempts: expression('attempts', '+', 1),
				due_at: sql<Date>`now() + make_interval(secs => ${leaseMs / 1000})`,
			}))
			.where(
				'id',
				'in',
				due.map(({ id }) => id),
			)
			.execute();
	}
	const conversations = await readConversationsOf(tx, due);
	const claimed = new Map<string, ClaimedDelivery | { waitMs: number }>(
		rows.map(({ wait_ms: waitMs, waiting, ...row }) => {
			const conversation = conversations.get(row.conversation_id);
			if (waitMs > 0 || !conversation) return [row.conversation_id, { waitMs: Math.ceil(waitMs) }];
			const mustLookUp = row.state !== 'queued';
			return [
				row.conversation_id,
				{ ...row, attempts: row.attempts + 1, conversation, mustLookUp, isLast: waiting === 1 },
			];
		}),
	);
	return conversationIds.map(id => claimed.get(id));
}

async function readConversationsOf(
	tx: Transaction<Schema>,
	deliveries: readonly { conversation_id: string }[],
): Promise<ReadonlyMap<string, Conversation>> {
	if (deliveries.length === 0) return new Map();
	const ids = deliveries.map(row => row.conversation_id);
	const rows = await tx.selectFrom('conversations').selectAll().where('id', 'in', ids).execute();
	return new Map(rows.map(row => [row.id, toConversation(row)]));
}
