import type { Channel } from '../src/channel.ts';
import type { Conversation } from '../src/conversation.ts';
import { isOutage } from '../src/errors.ts';
import type { ThreadRead } from '../src/inbox/merge-threads.ts';
import type { Inbox } from '../src/inbox.ts';
import type { Logger } from '../src/log.ts';
import type { Metrics } from '../src/metrics.ts';
import type { ClaimedDelivery } from '../src/outbox/claim-deliveries.ts';
import type { Phrases } from '../src/phrases.ts';
import type { Job, Payload, Queue } from '../src/pipeline.ts';
import type { Policy } from '../src/policy/policy.ts';
import { type Thinking, troubleHandOver } from '../src/turns/thinking.ts';
import type { Turns } from '../src/turns.ts';

export interface RespondDeps {
	turns: Turns;
	inbox: Pick<Inbox, 'look' | 'follow' | 'dismiss'>;
	channelOf: (conversation: Conversation) => Channel;
	thinking: Thinking;
	phrases: Phrases;
	policy: Policy;
	/** Sends at once what was decided, beginning with what is claimed already: a tick's way through the queue takes longer. */
	deliver: (payload: Payload<'deliver'>, first: ClaimedDelivery | undefined) => Promise<void>;
	queue: Queue;
	log: Logger;
	metrics: Pick<Metrics, 'turn'>;
}

/** How soon to look again whether the reply to the messages before has been said. */
const heldUpMs = 1000;

/** After this many failed runs of one turn a person gets it. */
const patience = 5;

const became = { 1: 'answered', 2: 'drafted', 3: 'handed_over' } as const;

/** Turns the customer's unanswered messages into a decision and its effects. */
export function createRespond(deps: RespondDeps): Job<'respond'> {
	const { turns, inbox, queue, thinking, log } = deps;
	return {
		async run({ conversationId }) {
			const { read, hints } = await readThread(deps, conversationId);
			const stamp = read?.thread.stampFinalInMs === 0 ? read.thread.stamp : undefined;
			let first: ClaimedDelivery | undefined;
			for (let isFirst = true; ; isFirst = false) {
				const { turn, merged, isHeldUp } = await turns.open({ conversationId, read: isFirst ? read : undefined });
				if (isFirst) await inbox.dismiss(hints);
				if (read && merged) await inbox.follow(read, merged);
				if (isHeldUp) await queue.tick('respond', { conversationId }, { delayMs: heldUpMs });
				if (!turn) break;
				try {
					const { thought, effects } = await thinking.think({ ...turn, turnId: turn.id });
					const { outcome, claimed } = await turns.conclude({ turn, thought, effects, stamp });
					const { tier, reason } = thought.decision;
					if (outcome === 'concluded') deps.metrics.turn(turn.conversation.tenantId, became[tier]);
					if (outcome === 'silent') deps.metrics.turn(turn.conversation.tenantId, 'silent');
					log.info({ conversationId, turnId: turn.id, tier, reason, outcome }, 'turn');
					first = claimed;
					// What comes from now on announces itself.
					if (outcome === 'concluded') break;
				} catch (error) {
					if (isOutage(error)) throw error;
					if ((await turns.fail(turn)) < patience) throw error;
					log.error({ conversationId, turnId: turn.id, err: error }, 'turn keeps failing, a person gets it');
					const { thought, effects } = troubleHandOver(turn, deps);
					first = (await turns.conclude({ turn, thought, effects, stamp })).claimed;
					deps.metrics.turn(turn.conversation.tenantId, 'handed_over');
				}
			}
			try {
				await deps.deliver({ conversationId }, first);
			} catch (error) {
				log.warn({ conversationId, err: error }, 'not delivered at once, left to the queue');
				await queue.tick('deliver', { conversationId });
			}
		},
	};
}

/**
 * The thread as it is now: who asks, whose customer they are, and every message that no webhook told. Where the vendor
 * refuses to show it, what is stored has to do.
 */
async function readThread(
	{ inbox, channelOf, log }: RespondDeps,
	conversationId: string,
): Promise<{ read: ThreadRead | undefined; hints: string[] }> {
	const { conversation, hints } = await inbox.look(conversationId);
	try {
		const thread = await channelOf(conversation).readThread(conversation.externalId);
		return { read: { conversation, thread }, hints };
	} catch (error) {
		// Where it will be readable later, later; where it never will be, what is stored has to do.
		if (isOutage(error)) throw error;
		log.warn({ conversationId, err: error }, 'the thread cannot be read');
		return { read: undefined, hints };
	}
}
