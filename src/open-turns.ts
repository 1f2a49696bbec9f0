import { randomUUID } from 'node:crypto';
import { type ExpressionBuilder, sql, type Transaction } from 'kysely';
import type { Conversation, Message } from './conversation.ts';
import { toConversation, toMessage } from './conversations.ts';
import { recordset } from './database/recordset.ts';
import type { Schema } from './database/schema.ts';
import { lockConversations } from './store-messages.ts';

/** A turn that waits for a decision, with what it is about. */
export interface OpenTurn {
	id: string;
	conversation: Conversation;
	/** The customer's unanswered messages, oldest first; never empty. */
	messages: Message[];
	/** The whole conversation so far, oldest first. */
	history: Message[];
	failures: number;
	/** How many messages their author has sent within the flood's window; counting stops where no more depends on it. */
	sentLately: number;
}

/** How many messages of one sender within how long are a flood. */
export interface FloodLimit {
	messages: number;
	minutes: number;
}

/** The open turn of each conversation with every unanswered message in it; undefined where nothing waits. */
export async function openTurns(
	tx: Transaction<Schema>,
	conversationIds: readonly string[],
	flood: FloodLimit,
): Promise<(OpenTurn | undefined)[]> {
	const conversations = await lockConversations(tx, conversationIds);
	const waiting = await findWaiting(tx, conversationIds);
	const turns = new Map(
		(
			await tx
				.selectFrom('turns')
				.select(['id', 'conversation_id', 'failures'])
				.where('conversation_id', 'in', conversationIds)
				.where('state', '=', 'open')
				.execute()
		).map(turn => [turn.conversation_id, turn]),
	);
	const begun = conversations
		.filter(({ id }) => waiting.has(id) && !turns.has(id))
		.map(({ id, tenant_id }) => ({ id: randomUUID(), tenant_id, conversation_id: id }));
	for (const { id, conversation_id } of begun) turns.set(conversation_id, { id, conversation_id, failures: 0 });
	if (begun.length > 0) await tx.insertInto('turns').values(begun.map(newTurn)).execute();
	await takeUp(
		tx,
		[...turns.values()].filter(turn => waiting.has(turn.conversation_id)),
	);
	const histories = await readHistories(tx, [...turns.keys()]);
	const sent = await countSent(
		tx,
		[...histories.values()].flat().map(row => row.author_id),
		flood,
	);
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
					conversation: toConversation(row),
					messages: history.filter(message => message.turn_id === turn.id).map(toMessage),
					history: history.map(toMessage),
					sentLately: Math.max(0, ...history.map(row => sent.get(row.author_id) ?? 0)),
				},
			];
		}),
	);
	return conversationIds.map(id => opened.get(id));
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

/** The conversations in which a customer has written what no turn has taken up. */
export async function findWaiting(
	tx: Transaction<Schema>,
	conversationIds: readonly string[],
): Promise<ReadonlySet<string>> {
	const rows = await tx
		.selectFrom('messages')
		.select('conversation_id')
		.distinct()
		.where(isWaiting(conversationIds))
		.execute();
	return new Set(rows.map(row => row.conversation_id));
}

const isWaiting = (conversationIds: readonly string[]) => (where: ExpressionBuilder<Schema, 'messages'>) =>
	where.and([
		where('conversation_id', 'in', conversationIds),
		where('author', '=', 'customer'),
		where('is_public', '=', true),
		where('turn_id', 'is', null),
	]);

/** Gives turns what the customer has written since, and what was to be answered before that and never was. */
async function takeUp(tx: Transaction<Schema>, turns: readonly { id: string; conversation_id: string }[]) {
	if (turns.length === 0) return;
	const rows = turns.map(({ id, conversation_id }) => ({ turn: id, conversation: conversation_id }));
	const opened = recordset('opened', { turn: 'uuid', conversation: 'uuid' }, rows);
	const conversationIds = rows.map(({ conversation }) => conversation);
	// The list of ids beside the join is for the planner, who would rather read all messages than believe that these are few.
	const theirs = sql`conversation_id = opened.conversation and conversation_id = any(${conversationIds}::uuid[])
		and author = 'customer' and is_public`;
	await sql`
		update messages set turn_id = opened.turn from ${opened} where ${theirs} and turn_id is null`.execute(tx);
	await recallQueuedReplies(tx, conversationIds);
	// The customer wrote again before what we had for them went out: its draft is pending or stale, or its reply was dropped.
	// What it was to answer is answered together with the new message.
	await sql`
		update messages set turn_id = opened.turn from ${opened}
		where ${theirs} and turn_id is not null and turn_id <> opened.turn
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
					and (later.written_at, later.seq) > (messages.written_at, messages.seq)
			)`.execute(tx);
}

/** A reply that has not left yet answers less than is asked by now. One that may be on its way is not touched. */
async function recallQueuedReplies(tx: Transaction<Schema>, conversationIds: readonly string[]): Promise<void> {
	await tx
		.updateTable('deliveries')
		.set({ state: 'stale', error: 'superseded' })
		.where('conversation_id', 'in', conversationIds)
		.where('kind', '=', 'reply')
		.where('state', '=', 'queued')
		.where('draft_id', 'is', null)
		.where(sql<boolean>`payload ->> 'isHoldingLine' is null`)
		.execute();
}

/** How many messages each of some authors has sent lately, as a customer. One beyond twice the limit is not counted further. */
async function countSent(
	tx: Transaction<Schema>,
	authorIds: readonly string[],
	{ messages, minutes }: FloodLimit,
): Promise<ReadonlyMap<string, number>> {
	if (authorIds.length === 0) return new Map();
	const { rows } = await sql<{ author_id: string; sent: number }>`
		select author_id, (
			select count(*) from (
				select from messages
				where author = 'customer' and messages.author_id = authors.author_id
					and received_at > now() - make_interval(mins => ${minutes})
				limit ${2 * messages + 1}
			) as lately
		)::int as sent
		from unnest(${[...new Set(authorIds)]}::text[]) as authors (author_id)`.execute(tx);
	return new Map(rows.map(row => [row.author_id, row.sent]));
}

async function readHistories(tx: Transaction<Schema>, conversationIds: readonly string[]) {
	if (conversationIds.length === 0) return new Map<string, never[]>();
	const rows = await tx
		.selectFrom('messages')
		.selectAll()
		.where('conversation_id', 'in', conversationIds)
		.orderBy('written_at')
		.orderBy('seq')
		.execute();
	return Map.groupBy(rows, row => row.conversation_id);
}
