import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import { audit } from './audit.ts';
import type { ChannelEvent, Verdict } from './channel.ts';
import type { Conversation } from './conversation.ts';
import { readConversations } from './conversations.ts';
import type { Schema } from './database/schema.ts';
import { matchDraft } from './draft-match.ts';
import { queueDeliveries, recordOutcomes } from './effects.ts';
import type { Stage } from './pipeline.ts';
import { lockConversations } from './store-messages.ts';

/** Which stages have work after agents did something. */
export type FollowUps = Set<Extract<Stage, 'respond' | 'deliver' | 'harvest'>>;

/** What agents do to drafts and conversations, applied once each, in the order it was stored. */
export interface Reviews {
	apply(conversationId: string): Promise<FollowUps>;
	/** Whether a hand-back waits to be applied. */
	isHandingBack(conversationId: string): Promise<boolean>;
}

/** The tags that a verdict leaves on a ticket, which are taken off once it has been dealt with. */
export function createReviews(query: Kysely<Schema>, tagsOf: (verdict: Verdict | 'hand_back') => string[]): Reviews {
	return {
		async isHandingBack(conversationId) {
			const row = await query
				.selectFrom('events')
				.select('id')
				.where('conversation_id', '=', conversationId)
				.where('kind', '=', 'hand_back')
				.where('handled_at', 'is', null)
				.executeTakeFirst();
			return row !== undefined;
		},

		async apply(conversationId) {
			const followUps: FollowUps = new Set();
			const [conversation] = await readConversations(query, [conversationId]);
			if (!conversation) return followUps;
			await query.transaction().execute(async tx => {
				await lockConversations(tx, [conversationId]);
				await reconcileDraft(tx, conversation);
			});
			const events = await query
				.selectFrom('events')
				.select(['id', 'kind', 'payload', 'received_at'])
				.where('conversation_id', '=', conversationId)
				.where('kind', 'in', ['verdict', 'hand_back', 'status'])
				.where('handled_at', 'is', null)
				.orderBy('seq')
				.execute();
			for (const event of events) {
				const happening = { kind: event.kind, ...(event.payload as object) } as ReviewEvent;
				await query.transaction().execute(async tx => {
					await lockConversations(tx, [conversationId]);
					const claimed = await tx
						.updateTable('events')
						.set({ handled_at: new Date() })
						.where('id', '=', event.id)
						.where('handled_at', 'is', null)
						.returning('id')
						.executeTakeFirst();
					if (claimed)
						for (const stage of await applyEvent(tx, conversation, happening, event.received_at, tagsOf))
							followUps.add(stage);
				});
			}
			return followUps;
		},
	};
}

type ReviewEvent = Extract<ChannelEvent, { kind: 'verdict' | 'hand_back' | 'status' }>;

async function applyEvent(
	tx: Transaction<Schema>,
	conversation: Conversation,
	event: ReviewEvent,
	receivedAt: Date,
	tagsOf: (verdict: Verdict | 'hand_back') => string[],
): Promise<FollowUps> {
	switch (event.kind) {
		case 'verdict':
			return applyVerdict(tx, conversation, event, receivedAt, tagsOf(event.verdict));
		case 'hand_back':
			return handBack(tx, conversation, event.agentId, tagsOf('hand_back'));
		case 'status':
			return applyStatus(tx, conversation, event);
	}
}

async function applyVerdict(
	tx: Transaction<Schema>,
	conversation: Conversation,
	{ verdict, agentId }: Extract<ReviewEvent, { kind: 'verdict' }>,
	receivedAt: Date,
	tags: string[],
): Promise<FollowUps> {
	const draft = await claimPending(tx, conversation.id, verdict, agentId, receivedAt);
	if (draft && verdict.kind === 'send') {
		await queueDeliveries(tx, {
			conversation,
			kind: 'reply',
			turnId: draft.turn_id,
			draftId: draft.id,
			payload: { text: draft.text, basedOn: draft.based_on, authorId: agentId },
		});
	}
	if (draft && verdict.kind === 'reject') {
		await recordOutcomes(tx, {
			tenantId: conversation.tenantId,
			turnId: draft.turn_id,
			draftId: draft.id,
			kind: 'rejected',
			detail: { reason: verdict.reason, agent: agentId },
		});
	}
	// With or without a draft the tags must go, or the next press of the macro would change nothing.
	await queueDeliveries(tx, {
		conversation,
		kind: 'settle_review',
		...(draft ? { draftId: draft.id, turnId: draft.turn_id } : {}),
		payload: { removeTags: tags, isSend: verdict.kind === 'send' },
	});
	await audit(tx, {
		tenantId: conversation.tenantId,
		actor: `agent:${agentId}`,
		action: `verdict_${verdict.kind}`,
		conversationId: conversation.id,
		...(draft ? { turnId: draft.turn_id } : {}),
		detail: { draft: draft?.id ?? null, ...(verdict.kind === 'reject' ? { reason: verdict.reason } : {}) },
	});
	return new Set(['deliver']);
}

/** Compare-and-set: of two agents who press at once, one gets the draft. Only one that was there to be read can be meant. */
async function claimPending(
	tx: Transaction<Schema>,
	conversationId: string,
	verdict: Verdict,
	agentId: string,
	receivedAt: Date,
): Promise<Selectable<Schema['drafts']> | undefined> {
	return tx
		.updateTable('drafts')
		.set(
			verdict.kind === 'send'
				? { state: 'claimed', decided_by: agentId, decided_at: new Date() }
				: { state: 'rejected', decided_by: agentId, decided_at: new Date(), reason: verdict.reason },
		)
		.where('conversation_id', '=', conversationId)
		.where('state', '=', 'pending')
		.where(({ exists, selectFrom }) =>
			exists(
				selectFrom('deliveries')
					.select('id')
					.whereRef('deliveries.draft_id', '=', 'drafts.id')
					.where('kind', '=', 'note')
					.where('deliveries.state', '=', 'sent')
					.where('sent_at', '<=', receivedAt),
			),
		)
		.returningAll()
		.executeTakeFirst();
}

/** The assistant speaks again, beginning with what the customer wrote and nobody has answered. */
async function handBack(
	tx: Transaction<Schema>,
	conversation: Conversation,
	agentId: string,
	tags: string[],
): Promise<FollowUps> {
	await tx
		.updateTable('conversations')
		.set({ held_by: 'assistant', updated_at: new Date() })
		.where('id', '=', conversation.id)
		.execute();
	await sql`
		update messages set turn_id = null
		where conversation_id = ${conversation.id} and author = 'customer' and is_public
			and turn_id in (
				select id from turns where conversation_id = ${conversation.id} and decision ->> 'silent' = 'true'
				union
				select turn_id from deliveries
				where conversation_id = ${conversation.id} and kind = 'reply' and draft_id is null and state = 'stale'
			)
			and not exists (
				select from messages later
				where later.conversation_id = messages.conversation_id and later.author <> 'customer' and later.is_public
					and (later.written_at, later.seq) > (messages.written_at, messages.seq)
			)`.execute(tx);
	await queueDeliveries(tx, { conversation, kind: 'settle_review', payload: { removeTags: tags, isSend: false } });
	await audit(tx, {
		tenantId: conversation.tenantId,
		actor: `agent:${agentId}`,
		action: 'handed_back',
		conversationId: conversation.id,
		detail: {},
	});
	return new Set(['respond', 'deliver']);
}

async function applyStatus(
	tx: Transaction<Schema>,
	conversation: Conversation,
	{ status, by }: Extract<ReviewEvent, { kind: 'status' }>,
): Promise<FollowUps> {
	await tx
		.updateTable('conversations')
		.set({
			status,
			updated_at: new Date(),
			harvest_due_since: status === 'open' || by === 'assistant' ? null : new Date(),
		})
		.where('id', '=', conversation.id)
		.execute();
	if (status === 'open') {
		await retireCandidate(tx, conversation);
		return new Set();
	}
	return by === 'assistant' ? new Set() : new Set(['harvest']);
}

/** A ticket that was opened again had not been answered after all. */
async function retireCandidate(tx: Transaction<Schema>, conversation: Conversation): Promise<void> {
	await tx
		.updateTable('candidates')
		.set({ state: 'discarded', reason: 'reopened', decided_at: new Date() })
		.where('conversation_id', '=', conversation.id)
		.where('state', 'in', ['staged', 'published'])
		.execute();
	// Its article goes out of search with the sweeper's next look.
	await tx
		.updateTable('articles')
		.set(expression => ({ state: 'retired', version: expression('version', '+', 1), updated_at: new Date() }))
		.where('tenant_id', '=', conversation.tenantId)
		.where('source', '=', 'ticket')
		.where('source_ref', '=', conversation.externalId)
		.where('state', '=', 'published')
		.execute();
}

/** An agent who spoke in public while a draft was pending: did they send it as it was, change it, or write their own? */
async function reconcileDraft(tx: Transaction<Schema>, conversation: Conversation): Promise<void> {
	const draft = await tx
		.selectFrom('drafts')
		.selectAll()
		.where('conversation_id', '=', conversation.id)
		.where('state', '=', 'pending')
		.forUpdate()
		.executeTakeFirst();
	if (!draft) return;
	const reply = await tx
		.selectFrom('messages')
		.select(['text', 'author_id', 'external_id'])
		.where('conversation_id', '=', conversation.id)
		.where('author', '=', 'agent')
		.where('is_public', '=', true)
		.where('written_at', '>=', where =>
			where
				.selectFrom('messages')
				.select('written_at')
				.where('conversation_id', '=', conversation.id)
				.where('external_id', '=', draft.based_on),
		)
		.orderBy('written_at')
		.executeTakeFirst();
	if (!reply) return;
	const match = matchDraft(draft.text, reply.text);
	await tx
		.updateTable('drafts')
		.set({
			state: match.kind === 'replaced' ? 'stale' : 'sent',
			decided_by: reply.author_id,
			reason: match.kind,
			decided_at: new Date(),
		})
		.where('id', '=', draft.id)
		.execute();
	await recordOutcomes(tx, {
		tenantId: conversation.tenantId,
		turnId: draft.turn_id,
		draftId: draft.id,
		kind: match.kind === 'as_is' ? 'approved' : match.kind,
		detail: {
			agent: reply.author_id,
			message: reply.external_id,
			similarity: match.similarity,
			removed: match.removed,
			added: match.added,
		},
	});
	await audit(tx, {
		tenantId: conversation.tenantId,
		actor: `agent:${reply.author_id}`,
		action: `draft_${match.kind}`,
		conversationId: conversation.id,
		turnId: draft.turn_id,
		detail: { draft: draft.id, similarity: match.similarity },
	});
}
