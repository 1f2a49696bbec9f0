import type { Channel, Thread } from '../src/channel.ts';
import type { Conversation } from '../src/conversation.ts';
import type { HandOverPayload, NotePayload, ReplyPayload, SettleReviewPayload } from '../src/effects.ts';
import { isUnderstudyError } from '../src/errors.ts';
import type { Helpdesk } from '../src/helpdesk.ts';
import type { Inbox } from '../src/inbox.ts';
import type { Logger } from '../src/log.ts';
import type { ClaimedDelivery, Outbox } from '../src/outbox.ts';
import type { Job, Queue } from '../src/pipeline.ts';

export interface DeliverDeps {
	outbox: Outbox;
	inbox: Pick<Inbox, 'merge'>;
	channelOf: (conversation: Conversation) => Channel;
	helpdesk: Helpdesk;
	readConversation: (id: string) => Promise<Conversation>;
	queue: Queue;
	log: Logger;
}

/** Sends what the outbox holds for one conversation, in order, each once. Nothing else in the product writes to the outside. */
export function createDeliver(deps: DeliverDeps): Job<'deliver'> {
	const { outbox, queue, log } = deps;
	return {
		async run({ conversationId }) {
			for (;;) {
				const claimed = await outbox.claim(conversationId);
				if (!claimed) return;
				if ('waitMs' in claimed) {
					await queue.tick('deliver', { conversationId }, { delayMs: claimed.waitMs });
					return;
				}
				try {
					await send(deps, claimed);
				} catch (error) {
					await giveBack(outbox, claimed, error);
					log.warn(
						{ conversationId, deliveryId: claimed.id, kind: claimed.kind, attempt: claimed.attempts, err: error },
						'delivery failed',
					);
				}
			}
		},
	};
}

async function send(deps: DeliverDeps, delivery: ClaimedDelivery): Promise<void> {
	const { outbox, inbox, helpdesk } = deps;
	const conversation = await deps.readConversation(delivery.conversation_id);
	const channel = deps.channelOf(conversation);
	const threadId = conversation.externalId;
	const key = delivery.id;

	if (delivery.kind === 'settle_review') {
		await helpdesk.removeTags(threadId, (delivery.payload as SettleReviewPayload).removeTags);
		return outbox.sent(delivery, undefined);
	}
	if (delivery.mustLookUp) {
		const receipt = await channel.find(threadId, key);
		if (receipt) return outbox.sent(delivery, receipt);
	}
	// The read is the last look before speaking: what came meanwhile makes the words stale, and the write below
	// is refused by the vendor if anything comes between the two.
	const thread = await channel.readThread(threadId);
	const current = await inbox.merge(conversation, thread);
	const { stamp } = thread;
	switch (delivery.kind) {
		case 'reply': {
			const { isHoldingLine, basedOn, ...payload } = delivery.payload as ReplyPayload;
			const reason = staleBecause(thread, basedOn) ?? (isUnbidden(delivery, current) ? 'person_joined' : undefined);
			if (reason) return outbox.stale(delivery, reason);
			return outbox.sent(delivery, await channel.reply({ threadId, key, stamp, ...payload }));
		}
		case 'note': {
			const { note: text, basedOn, addTags } = delivery.payload as NotePayload;
			const reason = delivery.draft_id ? staleBecause(thread, basedOn) : undefined;
			if (reason) return outbox.stale(delivery, reason);
			const note = { ticketId: threadId, key, stamp, text, ...(addTags ? { addTags } : {}) };
			return outbox.sent(delivery, await helpdesk.addNote(note));
		}
		case 'hand_over': {
			const { note: text, basedOn: _, ...where } = delivery.payload as HandOverPayload;
			return outbox.sent(delivery, await helpdesk.handOver({ ...where, ticketId: threadId, key, stamp, text }));
		}
	}
}

/** Why words based on `basedOn` no longer fit, if they do not: somebody else has spoken in public since. */
function staleBecause(thread: Thread, basedOn: string): string | undefined {
	const position = thread.messages.findIndex(message => message.externalId === basedOn);
	const newer = thread.messages.slice(position + 1).find(message => message.isPublic && message.author !== 'assistant');
	if (!newer) return undefined;
	return newer.author === 'agent' ? 'person_joined' : 'newer_message';
}

/** A reply of our own accord in a conversation that is a person's by now. Approved drafts and holding lines are theirs. */
function isUnbidden(delivery: ClaimedDelivery, conversation: Conversation): boolean {
	const { isHoldingLine, authorId } = delivery.payload as ReplyPayload;
	return conversation.heldBy === 'person' && !isHoldingLine && !authorId;
}

const firstRetryMs = 500;
const longestRetryMs = 60_000;

async function giveBack(outbox: Outbox, delivery: ClaimedDelivery, error: unknown): Promise<void> {
	const message = error instanceof Error ? error.message : String(error);
	if (isUnderstudyError(error) && !error.retryable) return outbox.failed(delivery, `${error.code}: ${message}`);
	const backoffMs = Math.min(longestRetryMs, firstRetryMs * 2 ** (delivery.attempts - 1));
	const delayMs = Math.max(backoffMs, (isUnderstudyError(error) && error.retryAfterMs) || 0);
	// An error we do not know may have struck after the effect.
	const isAmbiguous = !isUnderstudyError(error) || error.effect === 'unknown';
	return outbox.postpone(delivery, delayMs, isAmbiguous, message);
}
