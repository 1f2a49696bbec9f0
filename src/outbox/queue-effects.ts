import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { Conversation } from '../conversation.ts';
import { insertRows, type Row } from '../database/insert-rows.ts';
import type { Schema } from '../database/schema.ts';
import type { Statement } from '../database/together.ts';
import type { OpenTurn } from '../turns/open-turns.ts';
import type { ClaimedDelivery } from './claim-deliveries.ts';
import type { Effect } from './effects.ts';
import { type DeliveryRow, deliveryRow, insertDeliveries, type QueuedDelivery } from './queue-deliveries.ts';

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
	const rows = deliveries.map(deliveryRow);
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
function claim(row: DeliveryRow, conversation: Conversation, isLast: boolean): ClaimedDelivery {
	const { state: _, ...columns } = row;
	return { ...columns, attempts: 1, conversation, mustLookUp: false, overtaken: undefined, isLast };
}
