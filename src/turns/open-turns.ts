import { randomUUID } from 'node:crypto';
import { type Selectable, sql, type Transaction } from 'kysely';
import type { Conversation, Message } from '../conversation.ts';
import { toConversation, toMessage } from '../conversations.ts';
import { anyOf } from '../database/any-of.ts';
import { insertRows } from '../database/insert-rows.ts';
import { recordset } from '../database/recordset.ts';
import type { Schema } from '../database/schema.ts';
import { together } from '../database/together.ts';
import { messageOrder } from '../inbox/message-order.ts';
import { lockConversations } from '../inbox/store-messages.ts';

/** A turn that waits for a decision, with what it is about. */
export interface OpenTurn {
	id: string;
	conversation: Conversation;
	/** The customer's unanswered messages, oldest first; never empty. */
	messages: Message[];
	/** The whole conversation so far, oldest first. */
	history: Message[];
	failures: number;
	/** No turn came before it. */
	isFirst: boolean;
	/** How many messages their author has sent within the flood's window; counting stops where no more depends on it. */
	sentLately: number;
}

/** How many messages of one sender within how long are a flood. */
export interface FloodLimit {
	messages: number;
	minutes: number;
}

type Row = Selectable<Schema['messages']>;

interface Turn {
	id: string;
	conversation_id: string;
	failures: number;
}

/** What opening has come to. */
export interface Opening {
	/** The open turn with every unanswered message in it; none where nothing waits, or where it must wait longer. */
	turn: OpenTurn | undefined;
	/** Messages wait, and so must they until it is known what has become of the reply to those before. */
	isHeldUp: boolean;
}

/** Opens the turn of each conversation in which something waits. */
export async function openTurns(
	tx: Transaction<Schema>,
	conversationIds: readonly string[],
	flood: FloodLimit,
): Promise<Opening[]> {
	const [conversations, messageRows, earlier] = await together(
		tx,
		lockConversations(tx, conversationIds),
		tx.selectFrom('messages').selectAll().where(anyOf('conversation_id', conversationIds)).orderBy(messageOrder()),
		tx
			.selectFrom('turns')
			.select(['id', 'conversation_id', 'failures', 'state'])
			.where(anyOf('conversation_id', conversationIds)),
	);
	const histories = Map.groupBy(messageRows, row => row.conversation_id);
	const waiting = new Map(conversations.map(({ id }) => [id, histories.get(id)?.filter(isWaiting) ?? []]));
	const turns = new Map<string, Turn>(
		earlier.filter(({ state }) => state === 'open').map(turn => [turn.conversation_id, turn]),
	);
	const hadTurns = new Set(earlier.map(turn => turn.conversation_id));
	const heldUp = await findHeldUp(tx, [...hadTurns]);
	const begun = conversations
		.filter(({ id }) => waiting.get(id)?.length && !turns.has(id) && !heldUp.has(id))
		.map(({ id, tenant_id }) => ({ id: randomUUID() as string, tenant_id, conversation_id: id }));
	for (const { id, conversation_id } of begun) turns.set(conversation_id, { id, conversation_id, failures: 0 });

	const grown = [...turns.values()].filter(({ conversation_id: id }) => waiting.get(id)?.length && !heldUp.has(id));
	const regained = await regainUnanswered(
		tx,
		grown.filter(turn => hadTurns.has(turn.conversation_id)),
	);
	for (const turn of grown) {
		const history = histories.get(turn.conversation_id) ?? [];
		for (const row of history) if (isWaiting(row) || regained.has(row.id)) row.turn_id = turn.id;
	}
	const grownIds = new Set<string | null>(grown.map(({ id }) => id));
	const [, , counts = []] = await together(
		tx,
		begun.length > 0 ? insertRows(tx, 'turns', begun.map(newTurn)) : undefined,
		assign(messageRows.filter(row => grownIds.has(row.turn_id))),
		countSent(messageRows.filter(isCustomers), flood),
	);
	const sent = new Map(counts.map(row => [row.author_id, row.sent]));
	const opened = new Map(
		conversations.map(row => {
			const turn = turns.get(row.id);
			if (!turn) return [row.id, undefined];
			const history = histories.get(row.id) ?? [];
			return [
				row.id,
				{
					id: turn.id,
					failures: turn.failures,
					isFirst: !hadTurns.has(row.id),
					conversation: toConversation(row),
					messages: history.filter(message => message.turn_id === turn.id).map(toMessage),
					history: history.map(toMessage),
					sentLately: Math.max(0, ...history.map(message => sent.get(message.author_id) ?? 0)),
				},
			];
		}),
	);
	return conversationIds.map(id => {
		const isHeldUp = heldUp.has(id) && (waiting.get(id)?.length ?? 0) > 0;
		return { turn: isHeldUp ? undefined : opened.get(id), isHeldUp };
	});
}

const newTurn = (turn: { id: string; tenant_id: string; conversation_id: string }) => ({
	...turn,
	state: 'open' as const,
	language: null,
	intent: null,
	tier: null,
	confidence: null,
	concluded_at: null,
});

const isCustomers = ({ author, is_public }: Row) => author === 'customer' && is_public;

/** What the customer wrote and no turn has taken up. */
const isWaiting = (row: Row) => isCustomers(row) && row.turn_id === null;

/** The conversations in which a customer has written what no turn has taken up. */
export function selectWaiting(tx: Transaction<Schema>, conversationIds: readonly string[]) {
	return tx
		.selectFrom('messages')
		.select('conversation_id')
		.distinct()
		.where(anyOf('conversation_id', conversationIds))
		.where('author', '=', 'customer')
		.where('is_public', '=', true)
		.where('turn_id', 'is', null);
}

/**
 * The conversations with a reply of which nobody knows yet whether it has been said. Answering what came after it by itself would
 * leave what it was to answer behind, or have that answered last.
 */
async function findHeldUp(tx: Transaction<Schema>, conversationIds: readonly string[]): Promise<ReadonlySet<string>> {
	if (conversationIds.length === 0) return new Set();
	const rows = await tx
		.selectFrom('deliveries')
		.select('conversation_id')
		.where(anyOf('conversation_id', conversationIds))
		.where('kind', '=', 'reply')
		.where('draft_id', 'is', null)
		.where('state', 'in', ['sending', 'ambiguous'])
		.execute();
	return new Set(rows.map(row => row.conversation_id));
}

/**
 * The customer wrote again before what we had for them went out: its draft is pending or stale, or its reply is recalled now or
 * was dropped before. What it was to answer is answered together with the new message.
 * @returns the ids of those messages.
 */
async function regainUnanswered(tx: Transaction<Schema>, turns: readonly Turn[]): Promise<ReadonlySet<string>> {
	if (turns.length === 0) return new Set();
	const conversationIds = turns.map(turn => turn.conversation_id);
	await recallQueuedReplies(tx, conversationIds);
	const { rows } = await sql<{ id: string }>`
		select id from messages
		where conversation_id = any(${conversationIds}::uuid[]) and author = 'customer' and is_public
			and (
				exists (
					select from drafts where drafts.turn_id = messages.turn_id and drafts.state in ('pending', 'stale')
				) or exists (
					select from deliveries where deliveries.turn_id = messages.turn_id
						and kind = 'reply' and draft_id is null and deliveries.state = 'stale'
				)
			)
			and not exists (
				select from messages later
				where later.conversation_id = messages.conversation_id and later.author <> 'customer' and later.is_public
					and ${messageOrder('later')} > ${messageOrder()}
			)`.execute(tx);
	return new Set(rows.map(({ id }) => id));
}

/** A reply that has not left yet answers less than is asked by now. One that may be on its way is not touched. */
async function recallQueuedReplies(tx: Transaction<Schema>, conversationIds: readonly string[]): Promise<void> {
	await tx
		.updateTable('deliveries')
		.set({ state: 'stale', error: 'superseded' })
		.where(anyOf('conversation_id', conversationIds))
		.where('kind', '=', 'reply')
		.where('state', '=', 'queued')
		.where('draft_id', 'is', null)
		.where(sql<boolean>`payload ->> 'isHoldingLine' is null`)
		.execute();
}

/** Stores which turn messages belong to. */
function assign(messages: readonly Row[]) {
	if (messages.length === 0) return undefined;
	const rows = messages.map(({ id, turn_id }) => ({ id, turn: turn_id }));
	return sql`
		update messages set turn_id = opened.turn from ${recordset('opened', { id: 'uuid', turn: 'uuid' }, rows)}
		where messages.id = opened.id and messages.id = any(${rows.map(({ id }) => id)}::uuid[])`;
}

/** How many messages the authors of these have sent lately. One beyond twice the limit is not counted further. */
function countSent(messages: readonly Row[], limit: FloodLimit) {
	if (messages.length === 0) return undefined;
	const authorIds = [...new Set(messages.map(row => row.author_id))];
	return sql<{ author_id: string; sent: number }>`
		select author_id, (
			select count(*) from (
				select from messages
				where author = 'customer' and messages.author_id = authors.author_id
					and received_at > now() - make_interval(mins => ${limit.minutes})
				limit ${2 * limit.messages + 1}
			) as lately
		)::int as sent
		from unnest(${authorIds}::text[]) as authors (author_id)`;
}
