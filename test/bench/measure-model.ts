import { memoryOf } from './cpu.ts';
import { postOnSchedule } from './load.ts';
import { type Bench, checkOnce } from './measure-throughput.ts';
import { modelTimeMs } from './model-time.ts';
import { quantile } from './quantile.ts';
import { webhookOf } from './tickets.ts';

/** What a ticket takes beyond the model's own time, from when its webhook was due to its effect at the helpdesk. */
export interface BeyondModel {
	perSecond: number;
	tickets: number;
	p50Ms: number;
	p99Ms: number;
	peakMb: number;
}

const perSecond = 80;

export async function measureBeyondModel({ system, sink, makeTickets }: Bench): Promise<BeyondModel> {
	const run = async (count: number) => {
		const tickets = makeTickets(count);
		await sink.hold(tickets);
		const answers = await postOnSchedule(system.webhookUrl, tickets.map(webhookOf), perSecond);
		await sink.handled(count, patienceMs);
		const effects = await sink.settled();
		checkOnce(effects);
		const effectAt = new Map(effects.map(({ id, firstAtMs }) => [id, firstAtMs]));
		return tickets.map(({ id }, i) => {
			const { dueAtMs } = answers[i] as (typeof answers)[number];
			return (effectAt.get(id) as number) - dueAtMs - modelTimeMs(String(id));
		});
	};
	await run(perSecond);
	const seconds = system.rung === 'pglite' ? 10 : 20;
	const beyondMs = await run(perSecond * seconds);
	return {
		perSecond,
		tickets: beyondMs.length,
		p50Ms: quantile(beyondMs, 0.5),
		p99Ms: quantile(beyondMs, 0.99),
		peakMb: Math.max(...system.workers.map(({ pid }) => memoryOf(pid).peakMb)),
	};
}

const patienceMs = 180_000;
