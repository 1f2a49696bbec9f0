import { sql, type Transaction } from 'kysely';
import { insertAudit } from '../audit/audit.ts';
import { anyOf } from '../database/any-of.ts';
import { recordset } from '../database/recordset.ts';
import { type Schema, toJson } from '../database/schema.ts';
import { type Statement, together } from '../database/together.ts';
import { lockConversations } from '../inbox/store-messages.ts';
import type { FoundPassage } from '../knowledge/article.ts';
import type { ClaimedDelivery } from '../outbox/claim-deliveries.ts';
import type { Effect } from '../outbox/effects.ts';
import { queueEffects } from '../outbox/queue-effects.ts';
import { retireDrafts } from '../outbox/retire-drafts.ts';
import { type OpenTurn, selectWaiting } from './open-turns.ts';
import type { ThoughtThrough } from './turn.ts';

/** A turn that was thought through, and what shall be done about it. */
export interface Conclusion {
	turn: OpenTurn;
	thought: ThoughtThrough;
	effects: Effect[];
	/** The version of the thread that was thought about, where no later change can bear the same. */
	stamp: string | undefined;
}

export interface Concluded {
	/** `superseded` where the customer wrote again (think again), `silent` where a person has joined. */
	outcome: 'concluded' | 'superseded' | 'silent';
	/** The first effect, for whoever decided to send at once. */
	claimed: ClaimedDelivery | undefined;
}

/** Stores decisions and their effects in one transaction, each unless the world moved on meanwhile. */
export async function concludeTurns(
	tx: Transaction<Schema>,
	conclusions: readonly Conclusion[],
	leaseMs: number,
): Promise<Concluded[]> {
	const ids = conclusions.map(({ turn }) => turn.conversation.id);
	const [rows, asking, taken] = await together(
		tx,
		lockConversations(tx, ids),
		selectWaiting(tx, ids),
		selectTaken(
			tx,
			conclusions.map(({ turn }) => turn.id),
		),
	);
	const heldByPerson = new Set(rows.filter(row => row.held_by === 'person').map(row => row.id));
	const waiting = new Set(asking.map(row => row.conversation_id));
	const takenBy = Map.groupBy(taken, row => row.turn_id);
	const outcomes = conclusions.map(({ turn }): Concluded['outcome'] => {
		if (heldByPerson.has(turn.conversation.id)) return 'silent';
		// Another run of the same tick may have put a newer message into the turn since: it was not thought about here.
		const isWhole = isSame(takenBy.get(turn.id) ?? [], turn.messages);
		return waiting.has(turn.conversation.id) || !isWhole ? 'superseded' : 'concluded';
	});
	await closeSilently(
		tx,
		conclusions.filter((_, index) => outcomes[index] === 'silent').map(({ turn }) => turn.id),
	);
	const valid = conclusions.filter((_, index) => outcomes[index] === 'concluded');
	const stored = await storeThoughts(tx, valid);
	// Where another run of the same tick was faster its effects stand, ours would double them.
	const ours = valid.filter(({ turn }) => stored.has(turn.id));
	const claimed = new Map<string, ClaimedDelivery | undefined>();
	if (ours.length > 0) {
		await retireDrafts(tx, laterConversations(ours), 'superseded');
		const { statements, first } = queueEffects(tx, ours, leaseMs);
		for (const [index, { turn }] of ours.entries()) claimed.set(turn.id, first[index]);
		await together(tx, noteOnConversations(ours), ...statements, insertAudit(ours.map(entryOf)));
	}
	return conclusions.map(({ turn }, index) => ({
		outcome: outcomes[index] as Concluded['outcome'],
		claimed: claimed.get(turn.id),
	}));
}

/** What each turn is about by now. */
function selectTaken(tx: Transaction<Schema>, turnIds: readonly string[]) {
	return tx
		.selectFrom('messages')
		.select(['id', 'turn_id'])
		.where(anyOf('turn_id', turnIds))
		.where('author', '=', 'customer')
		.where('is_public', '=', true);
}

function isSame(some: readonly { id: string }[], others: readonly { id: string }[]): boolean {
	const ids = new Set(some.map(({ id }) => id));
	return ids.size === others.length && others.every(({ id }) => ids.has(id));
}

/** A person speaks for us: what the customer wrote is theirs to answer. Handing back opens it again. */
async function closeSilently(tx: Transaction<Schema>, turnIds: readonly string[]): Promise<void> {
	if (turnIds.length === 0) return;
	await tx
		.updateTable('turns')
		.set({ state: 'concluded', concluded_at: new Date(), decision: toJson({ silent: true }) })
		.where(anyOf('id', turnIds))
		.where('state', '=', 'open')
		.execute();
}

const thoughtColumns = {
	turn: 'uuid',
	conversation: 'uuid',
	language: 'text',
	intent: 'text',
	tier: 'smallint',
	confidence: 'float8',
	triage: 'jsonb',
	passages: 'jsonb',
	answer: 'jsonb',
	decision: 'jsonb',
};

/** Returns the turns that had not been concluded before. */
async function storeThoughts(
	tx: Transaction<Schema>,
	conclusions: readonly Conclusion[],
): Promise<ReadonlySet<string>> {
	if (conclusions.length === 0) return new Set();
	const rows = conclusions.map(({ turn, thought: { triage, passages, answer, decision } }) => ({
		turn: turn.id,
		conversation: turn.conversation.id,
		language: triage.language,
		intent: triage.intent,
		tier: decision.tier,
		confidence: decision.confidence,
		triage,
		passages: passages.map(traceOf),
		answer,
		decision,
	}));
	const thought = recordset('thought', thoughtColumns, rows);
	const concluded = await sql<{ id: string }>`
		update turns set state = 'concluded', concluded_at = now(), language = thought.language, intent = thought.intent,
			tier = thought.tier, confidence = thought.confidence, triage = thought.triage, passages = thought.passages,
			answer = thought.answer, decision = thought.decision
		from ${thought}
		where turns.id = thought.turn and turns.id = any(${rows.map(row => row.turn)}::uuid[]) and turns.state = 'open'
		returning turns.id`.execute(tx);
	return new Set(concluded.rows.map(({ id }) => id));
}

/** What was found and how well, in as many digits as tell something. */
function traceOf({ passage, score, coverage, crossLanguage, signals }: FoundPassage) {
	const { stemScore, gramScore, margin, matchedTerms, queryTerms, conceptCoverage } = signals;
	const figures = { score, coverage, stemScore, gramScore, margin, matchedTerms, queryTerms, conceptCoverage };
	const rounded = Object.entries(figures).map(([name, figure]) => [name, figure && Number(figure.toPrecision(3))]);
	return { passage: passage.id, ...(crossLanguage ? { crossLanguage } : {}), ...Object.fromEntries(rounded) };
}

/** Only where a turn came before there can be a draft of it. */
const laterConversations = (conclusions: readonly Conclusion[]) =>
	conclusions.filter(({ turn }) => !turn.isFirst).map(({ turn }) => turn.conversation.id);

/** Which language they speak, and that a hand-over is final. */
function noteOnConversations(conclusions: readonly Conclusion[]): Statement {
	const rows = conclusions.map(({ turn, thought, effects }) => ({
		conversation: turn.conversation.id,
		language: thought.triage.language,
		handed_over: effects.some(({ kind }) => kind === 'hand_over'),
	}));
	const columns = { conversation: 'uuid', language: 'text', handed_over: 'boolean' };
	return sql`
		update conversations set language = concluded.language, updated_at = now(),
			held_by = case when concluded.handed_over then 'person' else held_by end
		from ${recordset('concluded', columns, rows)}
		where conversations.id = concluded.conversation
			and conversations.id = any(${rows.map(row => row.conversation)}::uuid[])`;
}

const entryOf = ({ turn, thought }: Conclusion) => ({
	tenantId: turn.conversation.tenantId,
	actor: 'assistant' as const,
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
