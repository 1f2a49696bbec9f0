import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from './child.ts';
import type { TicketEffects } from './sink-ticket.ts';
import type { SinkProgress } from './sink-tickets.ts';
import type { BenchTicket } from './tickets.ts';

/** The helpdesk of a run, as the harness sees it. */
export interface Sink {
	pid: number;
	url: string;
	/** Forgets every ticket and takes these. */
	hold(tickets: readonly BenchTicket[]): Promise<void>;
	/** Resolves when something was done about this many tickets. @throws where it takes longer. */
	handled(tickets: number, timeoutMs: number): Promise<void>;
	/** Resolves when nothing has been done for a second, with what was done about each ticket. */
	settled(): Promise<TicketEffects[]>;
	progress(): Promise<SinkProgress>;
	stop(): Promise<void>;
}

export async function startSink(logs: string): Promise<Sink> {
	const { pid, port, stop } = await startChild('sink-process.ts', {}, join(logs, 'sink.log'));
	const url = `http://127.0.0.1:${port}`;
	const progress = async () => (await (await fetch(`${url}/bench/progress`)).json()) as SinkProgress;
	return {
		pid,
		url,
		stop,
		progress,
		async hold(tickets) {
			for (let from = 0; from < tickets.length; from += atOnce) {
				const body = JSON.stringify({ forget: from === 0, tickets: tickets.slice(from, from + atOnce) });
				await fetch(`${url}/bench/tickets`, { method: 'POST', body });
			}
		},
		async handled(tickets, timeoutMs) {
			const deadline = performance.now() + timeoutMs;
			for (;;) {
				const { handled } = await progress();
				if (handled >= tickets) return;
				if (performance.now() > deadline) {
					throw new Error(`${tickets - handled} of ${tickets} tickets had no effect within ${timeoutMs / 1000} s`);
				}
				await sleep(pollMs);
			}
		},
		async settled() {
			for (let before = -1; ; ) {
				const { effects } = await progress();
				if (effects === before) break;
				before = effects;
				await sleep(1000);
			}
			return (await (await fetch(`${url}/bench/effects`)).json()) as TicketEffects[];
		},
	};
}

const atOnce = 1000;
/** Rarely, since asking costs the machine what it has for the others. */
const pollMs = 200;
