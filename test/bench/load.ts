import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SignedWebhook } from './tickets.ts';

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** Posts everything as fast as it is accepted, `inFlight` at a time. */
export async function postAll(url: string, webhooks: readonly SignedWebhook[], inFlight = 64): Promise<void> {
	let next = 0;
	const postOneAfterAnother = async () => {
		while (next < webhooks.length) await post(url, webhooks[next++] as SignedWebhook);
	};
	await Promise.all(Array.from({ length: inFlight }, postOneAfterAnother));
}

/** When one webhook was due, and how much later it was answered. */
export interface Acknowledged {
	/** Milliseconds since the epoch. */
	dueAtMs: number;
	/** From when it was due, not from when it could be sent: a server that stalls cannot hide it by making the sender wait. */
	latencyMs: number;
}

/** Posts on schedule, `perSecond`, whatever becomes of the earlier ones. */
export async function postOnSchedule(
	url: string,
	webhooks: readonly SignedWebhook[],
	perSecond: number,
): Promise<Acknowledged[]> {
	const startMs = performance.now() + 20;
	const answers: Promise<Acknowledged>[] = [];
	for (const [number, webhook] of webhooks.entries()) {
		const dueMs = startMs + (number * 1000) / perSecond;
		const waitMs = dueMs - performance.now();
		if (waitMs > 0) await sleep(waitMs);
		const answer = post(url, webhook).then(() => ({
			dueAtMs: performance.timeOrigin + dueMs,
			latencyMs: performance.now() - dueMs,
		}));
		// One that fails is reported with the others at the end, not as one that nobody looked after.
		answer.catch(() => undefined);
		answers.push(answer);
	}
	return Promise.all(answers);
}

function post(url: string, webhook: SignedWebhook): Promise<void> {
	const { headers, body } = webhook;
	return new Promise((resolve, reject) => {
		const sent = request(url, { method: 'POST', headers, agent }, answer => {
			answer.resume();
			answer.once('end', () => {
				if (answer.statusCode === 200) resolve();
				else reject(new Error(`the webhook was answered with ${answer.statusCode}`));
			});
		});
		sent.once('error', error => {
			// The server gave up the idle connection just when it was used again: nothing was lost but the connection.
			if (sent.reusedSocket && 'code' in error && error.code === 'ECONNRESET') resolve(post(url, webhook));
			else reject(error);
		});
		sent.end(body);
	});
}
