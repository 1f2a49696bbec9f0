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
import { countSent, type FloodLimit } from './count-sent.ts';
import { findHeldUp, regainUnanswered } from './earlier-replies.ts';

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
		grown.map(turn => turn.conversation_id).filter(id => hadTurns.has(id)),
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
		countSent(new Set(messageRows.filter(isCustomers).map(row => row.author_id)), flood),
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

/** Stores which turn messages belong to. */
function assign(messages: readonly Row[]) {
	if (messages.length === 0) return undefined;
	const rows = messages.map(({ id, turn_id }) => ({ id, turn: turn_id }));
	return sql`
		update messages set turn_id = opened.turn from ${recordset('opened', { id: 'uuid', turn: 'uuid' }, rows)}
		where messages.id = opened.id and messages.id = any(${rows.map(({ id }) => id)}::uuid[])`;
}
