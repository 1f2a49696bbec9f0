import { randomUUID } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import type { Citation } from '../answering/answer.ts';
import type { Conversation } from '../conversation.ts';
import { anyOf } from '../database/any-of.ts';
import { fromNow } from '../database/from-now.ts';
import { insertRows, type Row } from '../database/insert-rows.ts';
import type { Schema } from '../database/schema.ts';
import type { Statement } from '../database/together.ts';
import type { HandOver } from '../helpdesk.ts';
import type { Language } from '../language.ts';
import type { OpenTurn } from '../turns/open-turns.ts';
import type { ClaimedDelivery } from './claim-deliveries.ts';

/** What a decision wants done outside. Each becomes a row of the outbox, in the transaction of the decision. */
export type Effect =
	| ({ kind: 'reply' } & ReplyPayload)
	| ({ kind: 'draft'; language: Language; text: string; citations: Citation[] } & NotePayload)
	| ({ kind: 'note' } & NotePayload)
	| ({ kind: 'hand_over' } & HandOverPayload);

export interface ReplyPayload {
	/** Markdown. */
	text: string;
	/** The vendor's id of the last message it answers; one newer makes it stale. */
	basedOn: string;
	/** Tells the customer that a person has it: may be said although the conversation is a person's now. */
	isHoldingLine?: boolean;
	/** The agent who approved it. */
	authorId?: string;
	addTags?: string[];
}

export interface NotePayload {
	note: string;
	basedOn: string;
	addTags?: string[];
}

export interface HandOverPayload extends NotePayload {
	priority?: HandOver['priority'];
	groupId?: string;
}

/** Taking an agent's verdict tags off the ticket, and telling them when the draft could not be sent. */
export interface SettleReviewPayload {
	removeTags: string[];
	/** The agent pressed “send”: told when nothing could be sent. */
	isSend: boolean;
}

/** Effects of one turn. */
export interface TurnEffects {
	turn: Pick<OpenTurn, 'id' | 'conversation' | 'isFirst' | 'history'>;
	effects: readonly Effect[];
	/** The version of the thread that the first of them may rely on. */
	stamp: string | undefined;
}

/**
 * Writes the effects of turns into the outbox; the drafts of earlier turns are retired by then.
 * @param leaseMs how long whoever decided is presumed alive and sending.
 * @returns what is to be sent to the database, in this order; and for each turn its first effect, claimed for whoever decided,
 * where nothing can have come before it.
 */
export function queueEffects(
	tx: Transaction<Schema>,
	turns: readonly TurnEffects[],
	leaseMs: number,
): { statements: (Statement | undefined)[]; first: (ClaimedDelivery | undefined)[] } {
	const drafts: Row<'drafts'>[] = [];
	const deliveries: QueuedDelivery[] = [];
	for (const { turn, effects, stamp } of turns) {
		const { conversation } = turn;
		for (const [index, effect] of effects.entries()) {
			// The second finds the thread as the first has left it.
			const base = { conversation, turnId: turn.id, stamp: index === 0 ? stamp : undefined };
			if (effect.kind !== 'draft') {
				const { kind, ...payload } = effect;
				deliveries.push({ ...base, kind, payload });
				continue;
			}
			const { kind: _, language, text, citations, ...note } = effect;
			const draftId = randomUUID();
			drafts.push({
				id: draftId,
				tenant_id: conversation.tenantId,
				conversation_id: conversation.id,
				turn_id: turn.id,
				language,
				text,
				citations,
				based_on: effect.basedOn,
				state: 'pending',
				decided_by: null,
				reason: null,
				decided_at: null,
			});
			deliveries.push({ ...base, kind: 'note', draftId, payload: note });
		}
	}
	const rows = deliveries.map(toRow);
	const first = turns.map(({ turn, effects }) => {
		const row = isUntouched(turn) ? rows.find(({ turn_id }) => turn_id === turn.id) : undefined;
		return row && claim(row, turn.conversation, effects.length === 1);
	});
	const claimedIds = new Set(first.map(delivery => delivery?.id));
	const marked = rows.map((row): typeof row =>
		claimedIds.has(row.id) ? { ...row, state: 'sending', attempts: 1 } : row,
	);
	const statements = [
		drafts.length > 0 ? insertRows(tx, 'drafts', drafts) : undefined,
		insertDeliveries(tx, marked, leaseMs),
	];
	return { statements, first };
}

/** Nothing of ours and no word of an agent's stands before what is decided here, so nothing needs to be looked at. */
const isUntouched = ({ isFirst, history }: TurnEffects['turn']) =>
	isFirst && !history.some(({ author, isPublic }) => isPublic && author === 'agent');

/** As `claimDeliveries` would find it, without a look. */
function claim(row: DeliveryValues, conversation: Conversation, isLast: boolean): ClaimedDelivery {
	const { state: _, ...columns } = row;
	return { ...columns, attempts: 1, conversation, mustLookUp: false, overtaken: undefined, isLast };
}

/** A row of the outbox in the making. */
export interface QueuedDelivery {
	conversation: Pick<Conversation, 'id' | 'tenantId'>;
	kind: Schema['deliveries']['kind'];
	turnId?: string | null;
	draftId?: string;
	payload: object;
	stamp?: string | undefined;
}

/** Adds rows to the outbox, in order. A second one of the same kind for the same turn or draft changes nothing. */
export async function queueDeliveries(tx: Transaction<Schema>, ...deliveries: QueuedDelivery[]): Promise<void> {
	await insertDeliveries(tx, deliveries.map(toRow))?.execute();
}

type DeliveryValues = ReturnType<typeof toRow>;

const toRow = ({ conversation, kind, turnId, draftId, payload, stamp }: QueuedDelivery) => ({
	id: randomUUID() as string,
	tenant_id: conversation.tenantId,
	conversation_id: conversation.id,
	turn_id: turnId ?? null,
	draft_id: draftId ?? null,
	kind,
	payload,
	thread_stamp: stamp ?? null,
	state: 'queued' as Schema['deliveries']['state'],
	attempts: 0,
});

/** @param leaseMs how long a row that is written as `sending` is left to whoever sends it. */
function insertDeliveries(tx: Transaction<Schema>, rows: readonly DeliveryValues[], leaseMs = 0) {
	if (rows.length === 0) return undefined;
	const due = sql`case state when 'sending' then ${fromNow(leaseMs)} else now() end`;
	const whole = rows.map(row => ({ ...row, external_id: null, error: null, sent_at: null }));
	return insertRows(tx, 'deliveries', whole, { due_at: due }).onConflict(conflict => conflict.doNothing());
}

/** Makes the pending drafts of conversations stale, with an outcome that says why. */
export async function retireDrafts(
	tx: Transaction<Schema>,
	conversationIds: readonly string[],
	reason: string,
): Promise<void> {
	if (conversationIds.length === 0) return;
	const retired = await tx
		.updateTable('drafts')
		.set({ state: 'stale', reason, decided_at: new Date() })
		.where(anyOf('conversation_id', conversationIds))
		.where('state', '=', 'pending')
		.returning(['id', 'turn_id', 'tenant_id'])
		.execute();
	await recordOutcomes(
		tx,
		...retired.map(
			(draft): Outcome => ({
				tenantId: draft.tenant_id,
				turnId: draft.turn_id,
				draftId: draft.id,
				kind: 'stale',
				detail: { reason },
			}),
		),
	);
}

/** What became of a turn. */
export interface Outcome {
	tenantId: string;
	turnId: string;
	draftId?: string | null;
	kind: Schema['outcomes']['kind'];
	detail: Record<string, unknown>;
}

/** Records what became of turns, once per turn and kind. */
export async function recordOutcomes(tx: Transaction<Schema>, ...outcomes: Outcome[]): Promise<void> {
	await insertOutcomes(tx, outcomes)?.execute();
}

/** The same as a statement, to be sent with others. */
export function insertOutcomes(tx: Transaction<Schema>, outcomes: readonly Outcome[]) {
	if (outcomes.length === 0) return undefined;
	return insertRows(
		tx,
		'outcomes',
		outcomes.map(({ tenantId, turnId, draftId = null, kind, detail }) => ({
			id: randomUUID(),
			tenant_id: tenantId,
			turn_id: turnId,
			draft_id: draftId,
			kind,
			detail,
		})),
	).onConflict(conflict => conflict.doNothing());
}
