import { randomUUID } from 'node:crypto';
import { type ExpressionBuilder, type Kysely, type NotNull, sql, type Transaction } from 'kysely';
import { audit } from './audit.ts';
import type { Conversation, Message } from './conversation.ts';
import { toConversation, toMessage } from './conversations.ts';
import type { Schema } from './database/schema.ts';
import { type Effect, queueEffects } from './effects.ts';
import type { ThoughtThrough } from './turn.ts';

/** A turn that waits for a decision, with what it is about. */
export interface OpenTurn {
	id: string;
	conversation: Conversation;
	/** The customer's unanswered messages, oldest first; never empty. */
	messages: Message[];
	failures: number;
}

export interface Turns {
	/** The conversation's open turn with every unanswered message in it, or undefined where nothing waits. */
	open(conversationId: string): Promise<OpenTurn | undefined>;
	/**
	 * Stores the decision and its effects in one transaction, unless the world moved on meanwhile:
	 * `superseded` where the customer wrote again (think again), `silent` where a person has joined.
	 */
	conclude(turn: OpenTurn, thought: ThoughtThrough, effects: Effect[]): Promise<'concluded' | 'superseded' | 'silent'>;
	/** Notes that a run gave up with an error. Returns how often that has happened to this turn. */
	fail(turn: OpenTurn): Promise<number>;
}

export function createTurns(query: Kysely<Schema>): Turns {
	return {
		open: conversationId => query.transaction().execute(tx => openTurn(tx, conversationId)),

		conclude: (turn, thought, effects) =>
			query.transaction().execute(async tx => {
				const conversation = await lockConversation(tx, turn.conversation.id);
				if (conversation.held_by === 'person') {
					await closeSilently(tx, turn);
					return 'silent';
				}
				if (await hasUnassignedMessage(tx, turn.conversation.id)) return 'superseded';
				const concluded = await storeThought(tx, turn, thought);
				// Another run of the same tick was faster: its effects stand, ours would double them.
				if (!concluded) return 'concluded';
				await tx
					.updateTable('conversations')
					.set({ language: thought.triage.language, updated_at: new Date() })
					.where('id', '=', turn.conversation.id)
					.execute();
				await queueEffects(tx, turn, effects);
				await audit(tx, {
					tenantId: turn.conversation.tenantId,
					actor: 'assistant',
					action: 'decided',
					conversationId: turn.conversation.id,
					turnId: turn.id,
					detail: {
						...thought.decision,
						intent: thought.triage.intent,
						intentProbability: thought.triage.intentProbability,
						language: thought.triage.language,
						messages: turn.messages.map(message => message.id),
						passages: thought.passages.map(found => found.passage.id),
					},
				});
				return 'concluded';
			}),

		async fail(turn) {
			const row = await query
				.updateTable('turns')
				.set(expression => ({ failures: expression('failures', '+', 1) }))
				.where('id', '=', turn.id)
				.returning('failures')
				.executeTakeFirstOrThrow();
			return row.failures;
		},
	};
}

async function openTurn(tx: Transaction<Schema>, conversationId: string): Promise<OpenTurn | undefined> {
	const conversation = await lockConversation(tx, conversationId);
	let turn = await tx
		.selectFrom('turns')
		.select(['id', 'failures'])
		.where('conversation_id', '=', conversationId)
		.where('state', '=', 'open')
		.executeTakeFirst();
	const hasNew = await hasUnassignedMessage(tx, conversationId);
	if (!turn && !hasNew) return undefined;
	turn ??= await tx
		.insertInto('turns')
		.values({
			id: randomUUID(),
			tenant_id: conversation.tenant_id,
			conversation_id: conversationId,
			state: 'open',
			language: null,
			intent: null,
			tier: null,
			confidence: null,
			concluded_at: null,
		})
		.returning(['id', 'failures'])
		.executeTakeFirstOrThrow();
	if (hasNew) {
		await tx.updateTable('messages').set({ turn_id: turn.id }).where(isUnassigned(conversationId)).execute();
		await recallQueuedReplies(tx, conversationId);
		await takeUpUnanswered(tx, conversationId, turn.id);
	}
	const messages = await tx
		.selectFrom('messages')
		.selectAll()
		.where('turn_id', '=', turn.id)
		.orderBy('written_at')
		.orderBy('seq')
		.execute();
	return {
		id: turn.id,
		failures: turn.failures,
		conversation: toConversation(conversation),
		messages: messages.map(toMessage),
	};
}

/** A reply that has not left yet answers less than is asked by now. One that may be on its way is not touched. */
async function recallQueuedReplies(tx: Transaction<Schema>, conversationId: string): Promise<void> {
	await tx
		.updateTable('deliveries')
		.set({ state: 'stale', error: 'superseded' })
		.where('conversation_id', '=', conversationId)
		.where('kind', '=', 'reply')
		.where('state', '=', 'queued')
		.where('draft_id', 'is', null)
		.where(sql<boolean>`payload ->> 'isHoldingLine' is null`)
		.execute();
}

/**
 * The customer wrote again before what we had for them went out: its draft is pending or stale, or its reply was dropped.
 * What it was to answer is answered together with the new message.
 */
async function takeUpUnanswered(tx: Transaction<Schema>, conversationId: string, turnId: string): Promise<void> {
	await tx
		.updateTable('messages')
		.set({ turn_id: turnId })
		.where('conversation_id', '=', conversationId)
		.where('author', '=', 'customer')
		.where('is_public', '=', true)
		.where(where =>
			where.or([
				where('turn_id', 'in', draftsOf(tx, conversationId)),
				where('turn_id', 'in', droppedReplies(tx, conversationId)),
			]),
		)
		.where(({ not, exists }) => not(exists(answeredSince(tx, conversationId))))
		.execute();
}

const draftsOf = (tx: Transaction<Schema>, conversationId: string) =>
	tx
		.selectFrom('drafts')
		.select('turn_id')
		.where('conversation_id', '=', conversationId)
		.where('state', 'in', ['pending', 'stale']);

const droppedReplies = (tx: Transaction<Schema>, conversationId: string) =>
	tx
		.selectFrom('deliveries')
		.select('turn_id')
		.where('conversation_id', '=', conversationId)
		.where('kind', '=', 'reply')
		.where('draft_id', 'is', null)
		.where('state', '=', 'stale')
		.$narrowType<{ turn_id: NotNull }>();

/** Public words of ours, or of an agent's, after the message of the outer query. */
const answeredSince = (tx: Transaction<Schema>, conversationId: string) =>
	tx
		.selectFrom('messages as later')
		.select('later.id')
		.where('later.conversation_id', '=', conversationId)
		.where('later.author', '!=', 'customer')
		.where('later.is_public', '=', true)
		.where(sql<boolean>`(later.written_at, later.seq) > (messages.written_at, messages.seq)`);

/** Serialises everything that decides about one conversation. */
async function lockConversation(tx: Transaction<Schema>, id: string) {
	return tx.selectFrom('conversations').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow();
}

async function hasUnassignedMessage(tx: Transaction<Schema>, conversationId: string): Promise<boolean> {
	const row = await tx.selectFrom('messages').select('id').where(isUnassigned(conversationId)).executeTakeFirst();
	return row !== undefined;
}

/** What the customer wrote and no turn has taken up. */
const isUnassigned = (conversationId: string) => (where: ExpressionBuilder<Schema, 'messages'>) =>
	where.and([
		where('conversation_id', '=', conversationId),
		where('author', '=', 'customer'),
		where('is_public', '=', true),
		where('turn_id', 'is', null),
	]);

/** False where the turn had been concluded before. */
async function storeThought(tx: Transaction<Schema>, turn: OpenTurn, thought: ThoughtThrough): Promise<boolean> {
	const { triage, passages, answer, decision } = thought;
	const row = await tx
		.updateTable('turns')
		.set({
			state: 'concluded',
			concluded_at: new Date(),
			language: triage.language,
			intent: triage.intent,
			tier: decision.tier,
			confidence: decision.confidence,
			triage: JSON.stringify(triage),
			passages: JSON.stringify(passages.map(found => ({ ...found, passage: found.passage.id }))),
			answer: JSON.stringify(answer),
			decision: JSON.stringify(decision),
		})
		.where('id', '=', turn.id)
		.where('state', '=', 'open')
		.returning('id')
		.executeTakeFirst();
	return row !== undefined;
}

/** A person speaks for us: what the customer wrote is theirs to answer. Handing back opens it again. */
async function closeSilently(tx: Transaction<Schema>, turn: OpenTurn): Promise<void> {
	await tx
		.updateTable('turns')
		.set({ state: 'concluded', concluded_at: new Date(), decision: JSON.stringify({ silent: true }) })
		.where('id', '=', turn.id)
		.where('state', '=', 'open')
		.execute();
}
