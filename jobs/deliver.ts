import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel, Thread } from '../src/channel.ts';
import type { Conversation } from '../src/conversation.ts';
import { isOutage, isUnderstudyError, UnderstudyError } from '../src/errors.ts';
import type { Helpdesk } from '../src/helpdesk.ts';
import type { Inbox } from '../src/inbox.ts';
import type { Logger } from '../src/log.ts';
import type { ClaimedDelivery, Overtaken } from '../src/outbox/claim-deliveries.ts';
import type { HandOverPayload, NotePayload, ReplyPayload, SettleReviewPayload } from '../src/outbox/effects.ts';
import type { FollowUp, Outbox } from '../src/outbox.ts';
import type { Job, Payload, Queue } from '../src/pipeline.ts';

export interface DeliverDeps {
	outbox: Outbox;
	inbox: Pick<Inbox, 'merge'>;
	channelOf: (conversation: Conversation) => Channel;
	helpdesk: Helpdesk;
	/** A sentence for the agents: what was not sent, and why. */
	tellAgent: (what: 'stale' | 'refused', gaps: { reason?: string; text?: string }) => string;
	queue: Queue;
	log: Logger;
	/** The wait after a first failure; doubles with each. */
	firstRetryMs: number;
}

export interface Deliver extends Job<'deliver'> {
	/** @param first what whoever decided has claimed already; the rest is claimed as always. */
	run(payload: Payload<'deliver'>, first?: ClaimedDelivery): Promise<void>;
}

/** Sends what the outbox holds for one conversation, in order, each once. Nothing else in the product writes to the outside. */
export function createDeliver(deps: DeliverDeps): Deliver {
	const { outbox, queue, log } = deps;
	return {
		async run({ conversationId }, first) {
			for (let next = first; ; next = undefined) {
				const claimed = next ?? (await outbox.claim(conversationId));
				if (!claimed) return;
				if ('waitMs' in claimed) {
					await queue.tick('deliver', { conversationId }, { delayMs: claimed.waitMs });
					return;
				}
				try {
					await send(deps, claimed);
					if (claimed.isLast) return;
				} catch (error) {
					await giveBack(deps, claimed, error);
					log.warn(
						{ conversationId, deliveryId: claimed.id, kind: claimed.kind, attempt: claimed.attempts, err: error },
						'delivery failed',
					);
				}
			}
		},
	};
}

async function send(deps: DeliverDeps, delivery: ClaimedDelivery): Promise<unknown> {
	const { outbox, inbox } = deps;
	const { conversation } = delivery;
	const channel = deps.channelOf(conversation);
	if (delivery.attempts === 1 && !delivery.mustLookUp && delivery.thread_stamp !== null) {
		try {
			const { thread_stamp: stamp, overtaken } = delivery;
			return await write(deps, delivery, { conversation, stamp, overtaken, hasNewOwner: false, isToldAlready: false });
		} catch (error) {
			// Something came between the decision and its words: they are looked at again, below.
			if (!isUnderstudyError(error, 'VENDOR_CONFLICT')) throw error;
		}
	}
	// The read is the last look before speaking: what came meanwhile makes the words stale, and the write below
	// is refused by the vendor if anything comes between the two.
	const thread = await readFinal(channel, delivery);
	// After the read and not before: an attempt that was given up may still arrive. Before the look it is found, after it the
	// write below is refused, and after that write its own stamp is too old.
	const earlier = delivery.mustLookUp ? await channel.find(conversation.externalId, delivery.id) : undefined;
	if (earlier && delivery.kind !== 'settle_review') return outbox.sent(delivery, earlier);
	const current = await inbox.merge(conversation, thread);
	// Whose knowledge may be quoted, and who is greeted, was decided for whom the ticket belonged to then.
	const hasNewOwner =
		current.requester.id !== conversation.requester.id ||
		current.requester.organizationId !== conversation.requester.organizationId;
	const overtaken = await outbox.overtakenBy(delivery);
	return write(deps, delivery, {
		conversation: current,
		stamp: thread.stamp,
		overtaken,
		hasNewOwner,
		isToldAlready: earlier !== undefined,
	});
}

/** How often a reply waits for a thread to come to rest before it is tried again later. */
const mostReads = 5;

/** The thread; for words to a customer, and where an earlier attempt may still arrive, at a stamp that no later version bears. */
async function readFinal(channel: Channel, delivery: ClaimedDelivery): Promise<Thread> {
	const { kind, mustLookUp, conversation } = delivery;
	const isFinalNeeded = kind === 'reply' || mustLookUp;
	for (let reads = 1; ; reads++) {
		const thread = await channel.readThread(conversation.externalId);
		if (!isFinalNeeded || thread.stampFinalInMs === 0) return thread;
		if (reads === mostReads) throw new UnderstudyError('VENDOR_CONFLICT', 'the thread does not come to rest');
		await sleep(thread.stampFinalInMs);
	}
}

/** The thread as it was seen last before speaking. */
interface View {
	conversation: Conversation;
	stamp: string;
	overtaken: Overtaken | undefined;
	hasNewOwner: boolean;
	isToldAlready: boolean;
}

/** Speaks, unless the world has moved on. The vendor refuses it where the thread is no longer at the view's stamp. */
async function write(deps: DeliverDeps, delivery: ClaimedDelivery, view: View): Promise<unknown> {
	const { outbox, helpdesk } = deps;
	const { conversation, stamp } = view;
	const channel = deps.channelOf(conversation);
	const threadId = conversation.externalId;
	const key = delivery.id;
	const staleBecause = view.overtaken ?? (view.hasNewOwner ? ('requester_changed' as const) : undefined);
	const drop = async (reason: string) => {
		await outbox.stale(delivery, reason);
		await deps.queue.tick('respond', { conversationId: conversation.id });
	};
	switch (delivery.kind) {
		case 'reply': {
			const { isHoldingLine: _, basedOn: __, ...payload } = delivery.payload as ReplyPayload;
			const reason = staleBecause ?? (isBidden(delivery) ? undefined : whoHolds(conversation));
			if (reason) return drop(reason);
			return outbox.sent(delivery, await channel.reply({ threadId, key, stamp, ...payload }));
		}
		case 'note': {
			const { note: text, addTags } = delivery.payload as NotePayload;
			const reason = delivery.draft_id ? (staleBecause ?? whoHolds(conversation)) : undefined;
			if (reason) return drop(reason);
			const note = { ticketId: threadId, key, stamp, text, ...(addTags ? { addTags } : {}) };
			return outbox.sent(delivery, await helpdesk.addNote(note));
		}
		case 'settle_review': {
			const { removeTags, isSend } = delivery.payload as SettleReviewPayload;
			const draft = await outbox.draftState(delivery);
			const unsent = draft ? (draft.state === 'stale' ? draft.reason : undefined) : 'no_draft';
			// The note before the tags: with them gone a second attempt would look as if all had been told.
			// What the vendor refused has its own note, with the words that were to be sent.
			if (isSend && unsent && unsent !== 'refused' && !view.isToldAlready) {
				await helpdesk.addNote({ ticketId: threadId, key, stamp, text: deps.tellAgent('stale', { reason: unsent }) });
			}
			await helpdesk.removeTags(threadId, removeTags);
			return outbox.sent(delivery, undefined);
		}
		case 'hand_over': {
			const { note: text, basedOn: _, ...where } = delivery.payload as HandOverPayload;
			return outbox.sent(delivery, await helpdesk.handOver({ ...where, ticketId: threadId, key, stamp, text }));
		}
	}
}

/** Approved drafts and holding lines are said for the person who has the conversation; other replies are of our own accord. */
function isBidden(delivery: ClaimedDelivery): boolean {
	const { isHoldingLine, authorId } = delivery.payload as ReplyPayload;
	return Boolean(isHoldingLine || authorId);
}

const whoHolds = ({ heldBy }: Conversation) => (heldBy === 'person' ? ('person_joined' as const) : undefined);

const longestRetryMs = 60_000;
/** An error of no known kind is the delivery's own fault when it comes this often. An outage may last as long as it will. */
const patience = 10;

async function giveBack(
	{ outbox, tellAgent, firstRetryMs }: DeliverDeps,
	delivery: ClaimedDelivery,
	error: unknown,
): Promise<void> {
	const message = error instanceof Error ? error.message : String(error);
	// What may have been said already is not given up for a look that was refused.
	const isRefused = isUnderstudyError(error) && !error.retryable && !delivery.mustLookUp;
	const isHopeless = isRefused || (!isOutage(error) && delivery.attempts >= patience);
	if (isHopeless) {
		return outbox.failed(
			delivery,
			isUnderstudyError(error) ? `${error.code}: ${message}` : message,
			insteadOf(delivery, tellAgent),
		);
	}
	const backoffMs = Math.min(longestRetryMs, firstRetryMs * 2 ** (delivery.attempts - 1));
	const delayMs = Math.max(backoffMs, (isUnderstudyError(error) && error.retryAfterMs) || 0);
	// An error we do not know may have struck after the effect, one of two calls after the first.
	const isAmbiguous = !isUnderstudyError(error) || error.effect === 'unknown' || delivery.kind === 'settle_review';
	return outbox.postpone(delivery, delayMs, isAmbiguous, message);
}

/** A refused reply is told to the agents; a refused hand-over is tried without what an administrator may have got wrong. */
function insteadOf({ kind, payload }: ClaimedDelivery, tellAgent: DeliverDeps['tellAgent']): FollowUp | undefined {
	if (kind === 'hand_over') {
		const { groupId, priority, ...rest } = payload as HandOverPayload;
		return groupId || priority ? { kind: 'again', payload: rest } : undefined;
	}
	if (kind !== 'reply' || (payload as ReplyPayload).isHoldingLine) return undefined;
	const { text, basedOn } = payload as ReplyPayload;
	return { kind: 'note', payload: { note: tellAgent('refused', { text }), basedOn } };
}
