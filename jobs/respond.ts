import type { Channel } from '../src/channel.ts';
import type { Conversation } from '../src/conversation.ts';
import { isOutage, isUnderstudyError } from '../src/errors.ts';
import type { ThreadRead } from '../src/inbox/merge-threads.ts';
import type { Inbox } from '../src/inbox.ts';
import type { Logger } from '../src/log.ts';
import type { Metrics } from '../src/metrics.ts';
import type { ClaimedDelivery } from '../src/outbox/claim-deliveries.ts';
import type { Effect } from '../src/outbox/effects.ts';
import type { Phrases } from '../src/phrases.ts';
import type { Job, Payload, Queue } from '../src/pipeline.ts';
import type { Policy } from '../src/policy/policy.ts';
import type { Concluded } from '../src/turns/conclude-turns.ts';
import type { OpenTurn } from '../src/turns/open-turns.ts';
import { type Thinking, troubleHandOver } from '../src/turns/thinking.ts';
import type { ThoughtThrough } from '../src/turns/turn.ts';
import type { Opened, Turns } from '../src/turns.ts';

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
	const { turns, queue, log } = deps;
	return {
		async run({ conversationId }) {
			const { opened, stamp, unread } = await openFresh(deps, conversationId);
			let first: ClaimedDelivery | undefined;
			for (let opening = opened; ; opening = await turns.open({ conversationId })) {
				if (opening.isHeldUp) await queue.tick('respond', { conversationId }, { delayMs: heldUpMs });
				if (!opening.turn) break;
				const { outcome, claimed } = await settle(deps, opening.turn, stamp);
				first = claimed;
				// What comes from now on announces itself.
				if (outcome === 'concluded') break;
			}
			try {
				await deps.deliver({ conversationId }, first);
			} catch (error) {
				log.warn({ conversationId, err: error }, 'not delivered at once, left to the queue');
				await queue.tick('deliver', { conversationId });
			}
			if (unread) throw unread;
		},
	};
}

/**
 * Opens the turn of a conversation as its thread is now, and follows up what else the thread shows.
 * @returns `unread` where something has changed that only the thread could tell, and the vendor refuses to show it.
 */
async function openFresh(
	deps: RespondDeps,
	conversationId: string,
): Promise<{ opened: Opened; stamp: string | undefined; unread: Error | undefined }> {
	const { read, refusal, hints } = await readThread(deps, conversationId);
	const opened = await deps.turns.open({ conversationId, read });
	if (!refusal) await deps.inbox.dismiss(hints);
	if (read && opened.merged) await deps.inbox.follow(read, opened.merged);
	return {
		opened,
		stamp: read?.thread.stampFinalInMs === 0 ? read.thread.stamp : undefined,
		unread: hints.length > 0 ? refusal : undefined,
	};
}

/** Thinks a turn through and stores what came of it. A turn that keeps failing is given to a person. */
async function settle(deps: RespondDeps, turn: OpenTurn, stamp: string | undefined): Promise<Concluded> {
	const { turns, thinking, log } = deps;
	const conclude = async (of: { thought: ThoughtThrough; effects: Effect[] }) => {
		const { thought, effects } = of;
		const concluded = await turns.conclude({ turn, thought, effects, stamp });
		noteDown(deps, turn, thought, concluded);
		return concluded;
	};
	try {
		return await conclude(await thinking.think({ ...turn, turnId: turn.id }));
	} catch (error) {
		if (isOutage(error)) throw error;
		if ((await turns.fail(turn)) < patience) throw error;
		const { id: turnId, conversation } = turn;
		log.error({ conversationId: conversation.id, turnId, err: error }, 'turn keeps failing, a person gets it');
		return conclude(troubleHandOver(turn, deps));
	}
}

function noteDown(
	{ log, metrics }: RespondDeps,
	turn: OpenTurn,
	{ decision }: ThoughtThrough,
	{ outcome }: Concluded,
): void {
	const { id: turnId, conversation } = turn;
	const { tier, reason } = decision;
	if (outcome !== 'superseded') metrics.turn(conversation.tenantId, outcome === 'silent' ? 'silent' : became[tier]);
	log.info({ conversationId: conversation.id, turnId, tier, reason, outcome }, 'turn');
}

/**
 * The thread as it is now: who asks, whose customer they are, and every message that no webhook told. Where the vendor
 * refuses to show it, what is stored has to do.
 */
async function readThread(
	{ inbox, channelOf, log }: RespondDeps,
	conversationId: string,
): Promise<{ read?: ThreadRead; refusal?: Error; hints: string[] }> {
	const { conversation, hints } = await inbox.look(conversationId);
	try {
		const thread = await channelOf(conversation).readThread(conversation.externalId);
		return { read: { conversation, thread }, hints };
	} catch (error) {
		// Where it will be readable later, later; where it never will be, what is stored has to do.
		if (isOutage(error)) throw error;
		log.warn({ conversationId, err: error }, 'the thread cannot be read');
		return isUnderstudyError(error, 'THREAD_MISSING') ? { hints } : { refusal: error as Error, hints };
	}
}
