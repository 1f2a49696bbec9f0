import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { Citation } from './answering/answer.ts';
import type { Conversation } from './conversation.ts';
import type { Schema } from './database/schema.ts';
import type { HandOver } from './helpdesk.ts';
import type { Language } from './language.ts';

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

/** Writes the effects of a turn into the outbox, makes older drafts stale and the hand-over final. */
export async function queueEffects(
	tx: Transaction<Schema>,
	turn: { id: string; conversation: Conversation },
	effects: Effect[],
): Promise<void> {
	const { conversation } = turn;
	await retireDrafts(tx, conversation.id, 'superseded');
	for (const effect of effects) {
		const { kind, ...payload } = effect;
		if (effect.kind === 'draft') {
			const draftId = randomUUID();
			const { language, text, citations, kind: _, ...note } = effect;
			await tx
				.insertInto('drafts')
				.values({
					id: draftId,
					tenant_id: conversation.tenantId,
					conversation_id: conversation.id,
					turn_id: turn.id,
					language,
					text,
					citations: JSON.stringify(citations),
					based_on: effect.basedOn,
					state: 'pending',
					decided_by: null,
					reason: null,
					decided_at: null,
				})
				.execute();
			await queueDelivery(tx, conversation, { kind: 'note', turnId: turn.id, draftId, payload: note });
		} else {
			await queueDelivery(tx, conversation, { kind: kind as typeof effect.kind, turnId: turn.id, payload });
		}
		if (effect.kind === 'hand_over') {
			await tx
				.updateTable('conversations')
				.set({ held_by: 'person', updated_at: new Date() })
				.where('id', '=', conversation.id)
				.execute();
		}
	}
}

/** Adds one row to the outbox. A second one of the same kind for the same turn or draft changes nothing. */
export async function queueDelivery(
	tx: Transaction<Schema>,
	conversation: Conversation,
	delivery: { kind: Schema['deliveries']['kind']; turnId?: string; draftId?: string; payload: object },
): Promise<void> {
	await tx
		.insertInto('deliveries')
		.values({
			id: randomUUID(),
			tenant_id: conversation.tenantId,
			conversation_id: conversation.id,
			turn_id: delivery.turnId ?? null,
			draft_id: delivery.draftId ?? null,
			kind: delivery.kind,
			payload: JSON.stringify(delivery.payload),
			state: 'queued',
			external_id: null,
			error: null,
			sent_at: null,
		})
		.onConflict(conflict => conflict.doNothing())
		.execute();
}

/** Makes the pending draft of a conversation stale, with an outcome that says why. */
export async function retireDrafts(tx: Transaction<Schema>, conversationId: string, reason: string): Promise<void> {
	const retired = await tx
		.updateTable('drafts')
		.set({ state: 'stale', reason, decided_at: new Date() })
		.where('conversation_id', '=', conversationId)
		.where('state', '=', 'pending')
		.returning(['id', 'turn_id', 'tenant_id'])
		.execute();
	for (const draft of retired) {
		await recordOutcome(tx, {
			tenantId: draft.tenant_id,
			turnId: draft.turn_id,
			draftId: draft.id,
			kind: 'stale',
			detail: { reason },
		});
	}
}

/** What became of a turn. Recorded once per kind. */
export async function recordOutcome(
	tx: Transaction<Schema>,
	outcome: {
		tenantId: string;
		turnId: string;
		draftId?: string | null;
		kind: Schema['outcomes']['kind'];
		detail: Record<string, unknown>;
	},
): Promise<void> {
	await tx
		.insertInto('outcomes')
		.values({
			id: randomUUID(),
			tenant_id: outcome.tenantId,
			turn_id: outcome.turnId,
			draft_id: outcome.draftId ?? null,
			kind: outcome.kind,
			detail: JSON.stringify(outcome.detail),
		})
		.onConflict(conflict => conflict.doNothing())
		.execute();
}
