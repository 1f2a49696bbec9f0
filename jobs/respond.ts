import type { Kysely } from 'kysely';
import type { Channel } from '../src/channel.ts';
import type { Conversation, Message } from '../src/conversation.ts';
import type { Schema } from '../src/database/schema.ts';
import { isOutage } from '../src/errors.ts';
import type { Inbox } from '../src/inbox.ts';
import type { Logger } from '../src/log.ts';
import type { Metrics } from '../src/metrics.ts';
import type { Phrases } from '../src/phrases.ts';
import type { Job, Queue } from '../src/pipeline.ts';
import type { Policy } from '../src/policy/policy.ts';
import { type Thinking, troubleHandOver } from '../src/thinking.ts';
import type { Turns } from '../src/turns.ts';

export interface RespondDeps {
	query: Kysely<Schema>;
	turns: Turns;
	inbox: Pick<Inbox, 'merge'>;
	channelOf: (conversation: Conversation) => Channel;
	readConversation: (id: string) => Promise<Conversation>;
	readMessages: (conversationId: string) => Promise<Message[]>;
	thinking: Thinking;
	phrases: Phrases;
	policy: Policy;
	queue: Queue;
	log: Logger;
	metrics: Pick<Metrics, 'turn'>;
}

/** After this many failed runs of one turn a person gets it. */
const patience = 5;

const became = { 1: 'answered', 2: 'drafted', 3: 'handed_over' } as const;

/** Turns the customer's unanswered messages into a decision and its effects. */
export function createRespond(deps: RespondDeps): Job<'respond'> {
	const { turns, queue, thinking, log } = deps;
	return {
		async run({ conversationId }) {
			await readThread(deps, conversationId);
			for (;;) {
				const turn = await turns.open(conversationId);
				if (!turn) break;
				try {
					const history = await deps.readMessages(conversationId);
					const { thought, effects } = await thinking.think({
						turnId: turn.id,
						conversation: turn.conversation,
						messages: turn.messages,
						history,
					});
					const outcome = await turns.conclude(turn, thought, effects);
					const { tier, reason } = thought.decision;
					if (outcome === 'concluded') deps.metrics.turn(turn.conversation.tenantId, became[tier]);
					if (outcome === 'silent') deps.metrics.turn(turn.conversation.tenantId, 'silent');
					log.info({ conversationId, turnId: turn.id, tier, reason, outcome }, 'turn');
				} catch (error) {
					if (isOutage(error)) throw error;
					if ((await turns.fail(turn)) < patience) throw error;
					log.error({ conversationId, turnId: turn.id, err: error }, 'turn keeps failing, a person gets it');
					const { thought, effects } = troubleHandOver(turn, deps);
					await turns.conclude(turn, thought, effects);
					deps.metrics.turn(turn.conversation.tenantId, 'handed_over');
				}
			}
			await queue.tick('deliver', { conversationId });
		},
	};
}

/**
 * The thread as it is now: who asks, whose customer they are, and every message that no webhook told. Where the vendor
 * refuses to show it, what is stored has to do.
 */
async function readThread({ query, inbox, channelOf, readConversation, log }: RespondDeps, conversationId: string) {
	const hints = await query
		.selectFrom('events')
		.select('id')
		.where('conversation_id', '=', conversationId)
		.where('kind', '=', 'changed')
		.where('handled_at', 'is', null)
		.execute();
	const conversation = await readConversation(conversationId);
	try {
		await inbox.merge(conversation, await channelOf(conversation).readThread(conversation.externalId));
	} catch (error) {
		// Where it will be readable later, later; where it never will be, what is stored has to do.
		if (isOutage(error)) throw error;
		log.warn({ conversationId, err: error }, 'the thread cannot be read');
	}
	if (hints.length === 0) return;
	await query
		.updateTable('events')
		.set({ handled_at: new Date() })
		.where(
			'id',
			'in',
			hints.map(({ id }) => id),
		)
		.execute();
}
