import { availableParallelism } from 'node:os';
import { busyMs, cpuMs, cpuSince, memoryOf } from './cpu.ts';
import { postAll } from './load.ts';
import type { Sink } from './sink.ts';
import type { TicketEffects } from './sink-ticket.ts';
import type { System } from './systems.ts';
import { type BenchTicket, webhookOf } from './tickets.ts';

export interface Throughput {
	tickets: number;
	perSecond: number;
	/** Milliseconds on a core for one ticket, by group of processes. */
	cpuMsPerTicket: Record<string, number>;
	cpuMsInAll: number;
	/** How much of the cores was taken by processes that do not belong to the run, in percent: what it was held up by. */
	takenByOthers: number;
	peakMb: number;
	steadyMb: number;
	replies: number;
	notes: number;
	handOvers: number;
}

export interface Bench {
	system: System;
	sink: Sink;
	makeTickets: (count: number) => BenchTicket[];
}

/** As fast as webhooks are taken, and until the last ticket has had its effect. Nothing may be lost or doubled on the way. */
export async function measureThroughput({ system, sink, makeTickets }: Bench, count: number): Promise<Throughput> {
	const tickets = makeTickets(count);
	await sink.hold(tickets);
	const webhooks = tickets.map(webhookOf);
	const before = cpuMs(system.groups);
	const busyBefore = busyMs();
	const startedAtMs = performance.timeOrigin + performance.now();
	await postAll(system.webhookUrl, webhooks);
	await sink.handled(count, patienceMs);
	const lastedMs = performance.timeOrigin + performance.now() - startedAtMs;
	const cpu = cpuSince(before, system.groups);
	const cpuInAll = Object.values(cpu).reduce((total, ms) => total + ms, 0);
	const others = busyMs() - busyBefore - cpuInAll;
	const effects = await sink.settled();
	checkOnce(effects);
	const seconds = (Math.max(...effects.map(({ firstAtMs }) => firstAtMs)) - startedAtMs) / 1000;
	const memory = system.workers.map(({ pid }) => memoryOf(pid));
	const sum = (of: (one: TicketEffects) => number) => effects.reduce((total, one) => total + of(one), 0);
	return {
		tickets: count,
		perSecond: count / seconds,
		cpuMsPerTicket: Object.fromEntries(Object.entries(cpu).map(([group, ms]) => [group, ms / count])),
		cpuMsInAll: cpuInAll / count,
		takenByOthers: Math.max(0, (100 * others) / (lastedMs * availableParallelism())),
		peakMb: Math.max(...memory.map(({ peakMb }) => peakMb)),
		steadyMb: Math.max(...memory.map(({ nowMb }) => nowMb)),
		replies: sum(({ replies }) => replies),
		notes: sum(({ notes }) => notes),
		handOvers: sum(({ handOvers }) => handOvers),
	};
}

/** @throws where a ticket got two public replies, or nothing at all: then no figure of the run means anything. */
export function checkOnce(effects: readonly TicketEffects[]): void {
	const wrong = effects.filter(({ replies, notes, handOvers }) => replies > 1 || replies + notes + handOvers === 0);
	const [first] = wrong;
	if (!first) return;
	throw new Error(
		`${wrong.length} tickets were answered twice or not at all, the first being ${JSON.stringify(first)}`,
	);
}

const patienceMs = 180_000;
