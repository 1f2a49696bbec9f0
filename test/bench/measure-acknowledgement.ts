import { postAll, postOnSchedule } from './load.ts';
import { type Bench, checkOnce } from './measure-throughput.ts';
import { quantile } from './quantile.ts';
import { webhookOf } from './tickets.ts';

/** How long after it was due a webhook was answered, at a hundred a second, in milliseconds. */
export interface Acknowledgement {
	idle: Latency;
	/** With the workers at a backlog that was posted just before. */
	loaded: Latency & { backlog: number };
}

export interface Latency {
	p50Ms: number;
	p99Ms: number;
}

const perSecond = 100;

/** @param capacity tickets a second, which the backlog is made by. */
export async function measureAcknowledgement(bench: Bench, capacity: number): Promise<Acknowledgement> {
	// What a slow system is given to do it must get done as well.
	const seconds = capacity < perSecond ? 3 : 5;
	const idle = await postThrough(bench, 0, seconds);
	// Work for longer than the measurement takes.
	const backlog = Math.round(Math.min(mostBacklog, capacity * (seconds + 2)));
	return { idle, loaded: { ...(await postThrough(bench, backlog, seconds)), backlog } };
}

async function postThrough({ system, sink, makeTickets }: Bench, backlog: number, seconds: number): Promise<Latency> {
	const { webhookUrl, workers, isSplit } = system;
	const tickets = makeTickets(backlog + perSecond * seconds);
	await sink.hold(tickets);
	const webhooks = tickets.map(webhookOf);
	if (backlog > 0) {
		// Workers that are apart stand still meanwhile: a fast one would have no backlog left when the measurement begins.
		if (isSplit) for (const worker of workers) worker.pause();
		await postAll(webhookUrl, webhooks.slice(0, backlog));
		for (const worker of workers) worker.resume();
	}
	const answers = await postOnSchedule(webhookUrl, webhooks.slice(backlog), perSecond);
	await sink.handled(tickets.length, patienceMs);
	checkOnce(await sink.settled());
	const latencies = answers.map(({ latencyMs }) => latencyMs);
	return { p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) };
}

const mostBacklog = 20_000;
const patienceMs = 180_000;
