import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isoSeconds } from './desk.ts';
import type { FaultSource } from './faults.ts';
import type { Webhook } from './rules.ts';
import { accountId } from './ticket-events.ts';

/** How patient deliveries are. The defaults are Zendesk's, except the retry delay, which it does not document. */
export interface DeliveryTimings {
	timeoutMs: number;
	/** Before each retry of a 409 or a timeout. */
	retryDelayMs: number;
	/** How long one second of an answered `Retry-After` takes: less than 1,000 makes tests quick. */
	retryAfterSecondMs: number;
}

/** One payload on its way to one webhook, with every attempt to send it. */
export interface Invocation {
	id: string;
	webhookId: string;
	/** An event type, or `conditional_ticket_events`. */
	type: string;
	body: string;
	/** What came of each attempt: a status, or what happened instead. */
	attempts: (number | 'timeout' | 'unreachable')[];
	fault: 'drop' | 'duplicate' | 'delay' | 'reorder' | null;
}

export interface Delivery {
	/** Sends in the background. */
	enqueue(webhook: Webhook, type: string, body: string): void;
	/** Resolves when nothing is on its way any more. */
	idle(): Promise<void>;
	invocations(): Invocation[];
	/** Gives up everything on its way. */
	stop(): void;
}

/** Retries after the first attempt, by what came of it. Other answers, 500 among them, are final. */
const maxRetries = { conflict: 3, busy: 3, timeout: 5 };

/** Webhooks go out at once and side by side: like Zendesk, without a promise of order. */
export function createDelivery(faults: FaultSource, now: () => Date, timings: DeliveryTimings): Delivery {
	const invocations: Invocation[] = [];
	const underway = new Set<Promise<void>>();
	/** Reordered deliveries that wait for the next one of their webhook. */
	const held = new Map<string, () => void>();
	let stopping = new AbortController();

	const track = (work: Promise<void>) => {
		const tracked = work.catch(error => {
			// Stopped while it waited: nobody is interested any more.
			if (!(error instanceof Error && error.name === 'AbortError')) throw error;
		});
		underway.add(tracked);
		void tracked.finally(() => underway.delete(tracked));
	};
	const send = async (
		webhook: Webhook,
		type: string,
		body: string,
		fault: Invocation['fault'],
		signal: AbortSignal,
	) => {
		const invocation: Invocation = { id: randomUUID(), webhookId: webhook.id, type, body, attempts: [], fault };
		invocations.push(invocation);
		if (fault === 'drop') return;
		const retries = { conflict: 0, busy: 0, timeout: 0 };
		while (!signal.aborted) {
			const { outcome, retryAfterSeconds } = await attempt(webhook, invocation, now(), timings.timeoutMs, signal);
			invocation.attempts.push(outcome);
			const cause = retryCause(outcome, retryAfterSeconds);
			if (cause === undefined || retries[cause] >= maxRetries[cause]) return;
			retries[cause] += 1;
			const waitMs = cause === 'busy' ? (retryAfterSeconds ?? 0) * timings.retryAfterSecondMs : timings.retryDelayMs;
			await sleep(waitMs, undefined, { signal });
		}
	};
	const deliver = async (webhook: Webhook, type: string, body: string, signal: AbortSignal) => {
		const fault = faults.strikeDelivery(type);
		const release = held.get(webhook.id);
		held.delete(webhook.id);
		if (fault?.kind === 'delay') await sleep(fault.ms ?? 1000, undefined, { signal });
		if (fault?.kind === 'reorder') {
			const followed = new Promise<void>(resolve => held.set(webhook.id, resolve));
			await Promise.race([followed, sleep(fault.ms ?? 1000, undefined, { signal })]);
		}
		await send(webhook, type, body, fault?.kind ?? null, signal);
		if (fault?.kind === 'duplicate') await send(webhook, type, body, 'duplicate', signal);
		release?.();
	};

	return {
		enqueue: (webhook, type, body) => track(deliver(webhook, type, body, stopping.signal)),
		async idle() {
			while (underway.size > 0) await Promise.all(underway);
		},
		invocations: () => invocations,
		stop() {
			stopping.abort();
			stopping = new AbortController();
			held.clear();
		},
	};
}

/** 409 and timeouts are retried, 429 and 503 only where they say when. */
function retryCause(
	outcome: number | string,
	retryAfterSeconds: number | undefined,
): keyof typeof maxRetries | undefined {
	if (outcome === 409) return 'conflict';
	if (outcome === 'timeout') return 'timeout';
	return (outcome === 503 || outcome === 429) && retryAfterSeconds !== undefined ? 'busy' : undefined;
}

async function attempt(webhook: Webhook, { id, body }: Invocation, now: Date, timeoutMs: number, stop: AbortSignal) {
	const timestamp = isoSeconds(now);
	// Not `AbortSignal.any`: every signal it makes stays with one that lives as long as the sandbox.
	const abort = new AbortController();
	const giveUp = () => abort.abort();
	const timer = setTimeout(giveUp, timeoutMs);
	stop.addEventListener('abort', giveUp);
	try {
		const response = await fetch(webhook.endpoint, {
			method: webhook.http_method,
			body,
			redirect: 'manual',
			signal: abort.signal,
			headers: {
				'content-type': 'application/json',
				'user-agent': 'Zendesk Webhook',
				'x-zendesk-account-id': String(accountId),
				'x-zendesk-webhook-id': webhook.id,
				'x-zendesk-webhook-invocation-id': id,
				'x-zendesk-webhook-signature': sign(webhook.secret, timestamp, body),
				'x-zendesk-webhook-signature-timestamp': timestamp,
			},
		});
		await response.arrayBuffer();
		const retryAfter = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
		return { outcome: response.status, retryAfterSeconds: Number.isNaN(retryAfter) ? undefined : retryAfter };
	} catch {
		const isTimeout = abort.signal.aborted && !stop.aborted;
		return { outcome: isTimeout ? ('timeout' as const) : ('unreachable' as const), retryAfterSeconds: undefined };
	} finally {
		clearTimeout(timer);
		stop.removeEventListener('abort', giveUp);
	}
}

/** base64(HMAC-SHA256(secret, timestamp + body)), nothing in between. */
function sign(secret: string, timestamp: string, body: string): string {
	return createHmac('sha256', secret)
		.update(timestamp + body)
		.digest('base64');
}
