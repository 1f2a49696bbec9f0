import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { Conversation } from '../conversation.ts';
import { type ConversationRow, toConversation } from '../conversations.ts';
import { anyOf } from '../database/any-of.ts';
import { fromNow } from '../database/from-now.ts';
import type { Schema } from '../database/schema.ts';
import { messageOrder } from '../inbox/message-order.ts';

type DeliveryRow = Pick<
	Selectable<Schema['deliveries']>,
	'id' | 'tenant_id' | 'conversation_id' | 'turn_id' | 'draft_id' | 'kind' | 'payload' | 'attempts' | 'thread_stamp'
>;

/** A row of the outbox that this run alone may send. */
export type ClaimedDelivery = DeliveryRow & {
	conversation: Conversation;
	/** An earlier attempt may have had its effect: look for the marker before sending. */
	mustLookUp: boolean;
	/** Who had spoken since when it was claimed. */
	overtaken: Overtaken | undefined;
	/** Nothing else waits for this conversation: what is queued from now on is announced by itself. */
	isLast: boolean;
};

/** Who has spoken in public since what a delivery answers. */
export type Overtaken = 'newer_message' | 'person_joined';

/** The next delivery of each conversation, in order; how long to wait where it is not due or another run has it. */
export async function claimDeliveries(
	tx: Transaction<Schema>,
	conversationIds: readonly string[],
	leaseMs: number,
): Promise<(ClaimedDelivery | { waitMs: number } | undefined)[]> {
	const { rows } = await sql<ClaimedRow>`
		select deliveries.id, deliveries.tenant_id, deliveries.conversation_id, turn_id, draft_id, kind, payload, attempts,
			thread_stamp, state, waiting.count as waiting, to_jsonb(conversations) as conversation,
			-- The database's clock decides, so that processes with different clocks agree.
			(extract(epoch from due_at - now()) * 1000)::float8 as wait_ms
		from deliveries join (
			select (array_agg(id order by seq))[1] as id, count(*)::int as count from deliveries
			where conversation_id = any(${conversationIds}::uuid[]) and state in ('queued', 'sending', 'ambiguous')
			group by conversation_id
		) as waiting using (id)
		join conversations on conversations.id = deliveries.conversation_id
		where state in ('queued', 'sending', 'ambiguous')
		order by deliveries.conversation_id for no key update of deliveries`.execute(tx);
	const due = rows.filter(row => row.wait_ms <= 0);
	if (due.length > 0) {
		await tx
			.updateTable('deliveries')
			.set(expression => ({
				state: 'sending',
				attempts: expression('attempts', '+', 1),
				due_at: fromNow(leaseMs),
			}))
			.where(
				anyOf(
					'id',
					due.map(({ id }) => id),
				),
			)
			.execute();
	}
	const overtaken = await findOvertaken(tx, due);
	const claimed = new Map<string, ClaimedDelivery | { waitMs: number }>(
		rows.map(({ wait_ms: waitMs, waiting, conversation, state, ...row }) => {
			if (waitMs > 0) return [row.conversation_id, { waitMs: Math.ceil(waitMs) }];
			const mustLookUp = state !== 'queued';
			return [
				row.conversation_id,
				{
					...row,
					attempts: row.attempts + 1,
					conversation: toConversation(conversation),
					mustLookUp,
					overtaken: overtaken.get(row.turn_id),
					isLast: waiting === 1,
				},
			];
		}),
	);
	return conversationIds.map(id => claimed.get(id));
}

type ClaimedRow = DeliveryRow & {
	state: Selectable<Schema['deliveries']>['state'];
	wait_ms: number;
	waiting: number;
	conversation: ConversationRow;
};

/** The thread as merged knows who spoke: a customer in a later turn or in none yet, or an agent after all that the turn is about. */
export async function findOvertaken(
	query: Kysely<Schema>,
	deliveries: readonly Pick<ClaimedDelivery, 'turn_id' | 'conversation_id'>[],
): Promise<ReadonlyMap<string | null, Overtaken>> {
	const turnIds = deliveries.flatMap(({ turn_id: turnId }) => turnId ?? []);
	if (turnIds.length === 0) return new Map();
	const conversationIds = deliveries.map(row => row.conversation_id);
	const { rows } = await sql<{ turn_id: string; author: 'customer' | 'agent' }>`
		select turn.id as turn_id, min(message.author) as author
		from turns turn join messages message using (conversation_id)
		where turn.id = any(${turnIds}::uuid[]) and message.conversation_id = any(${conversationIds}::uuid[]) and message.is_public and message.turn_id is distinct from turn.id
			and case message.author
				when 'customer' then message.turn_id is null
					or (select later.created_at > turn.created_at from turns later where later.id = message.turn_id)
				-- What they answered in between was answered by them; what was asked after it was not.
				when 'agent' then not exists (
					select from messages asked where asked.turn_id = turn.id and asked.author = 'customer'
						and ${messageOrder('asked')} > ${messageOrder('message')}
				)
				else false
			end
		group by turn.id`.execute(query);
	// By the alphabet an agent comes before a customer: a person who has joined settles it.
	return new Map(rows.map(row => [row.turn_id, row.author === 'agent' ? 'person_joined' : 'newer_message']));
}
