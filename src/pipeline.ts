import { z } from 'zod';

/**
 * The stages of the way of a message, and what each is given: ids only, the database is the truth.
 *
 * ```
 * webhook ─▶ inbox ─▶ respond ─▶ outbox ─▶ deliver ─▶ channel / helpdesk
 *               └───▶ review ──▶ outbox        (an agent approved, edited, rejected, joined, handed back)
 *               └───▶ harvest ─▶ candidate ─▶ article ─▶ index-article ─▶ search
 * sweep: every few seconds, ticks again whatever has unhandled work
 * seal-audit: every few seconds, chains what was written to the audit trail
 * retain: every hour, deletes what has been kept for its period
 * ```
 */
export const payloads = {
	/** Turns the customer's unanswered messages into a decision. */
	respond: z.object({ conversationId: z.string() }),
	/** Sends what the outbox holds for one conversation, in order. */
	deliver: z.object({ conversationId: z.string() }),
	/** Applies what agents did: verdicts on drafts, replies of their own, tickets handed back. */
	review: z.object({ conversationId: z.string() }),
	/** Makes a candidate of a conversation that an agent solved. */
	harvest: z.object({ conversationId: z.string() }),
	/** Cuts a changed article into chunks and tells every index. */
	'index-article': z.object({ tenantId: z.string(), articleId: z.string() }),
	/** Ticks again whatever has unhandled work, so that a lost job costs delay and nothing else. */
	sweep: z.object({}),
	/** Chains the audit entries that were written since. */
	'seal-audit': z.object({}),
	/** Deletes what has been kept for its period. */
	retain: z.object({}),
} as const;

export type Stage = keyof typeof payloads;

export type Payload<S extends Stage> = z.infer<(typeof payloads)[S]>;

/** A stage's work. May be run twice for the same payload, and must then change nothing more. */
export interface Job<S extends Stage> {
	run(payload: Payload<S>): Promise<void>;
}

/** Every stage has a job, or the composition does not compile. */
export type Jobs = { [S in Stage]: Job<S> };

/** Where work is announced. Losing what was announced costs delay, never data. */
export interface Queue {
	/**
	 * Asks for a run of `stage`. One run at a time for each conversation or article; asking while one waits changes nothing,
	 * asking while one is active makes exactly one more run after it.
	 */
	tick<S extends Stage>(stage: S, payload: Payload<S>, options?: TickOptions): Promise<void>;
}

export interface TickOptions {
	delayMs?: number;
	/** Whose work it is: who asks for much is served after those who ask for little. */
	origin?: { tenantId: string; senderId: string };
}

/** The queue as the sweeper sees it. */
export interface BulkQueue extends Queue {
	/** The same for many, in one go. */
	tickAll<S extends Stage>(stage: S, payloads: readonly Payload<S>[]): Promise<void>;
	/** How many runs of `stage` wait for a free worker. */
	backlog(stage: Stage): Promise<number>;
}

/** What ticks of one kind are deduplicated by: the conversation, or the article. */
export function tickKey<S extends Stage>(_stage: S, payload: Payload<S>): string {
	if ('conversationId' in payload) return payload.conversationId;
	if ('articleId' in payload) return `${payload.tenantId}/${payload.articleId}`;
	return 'all';
}
