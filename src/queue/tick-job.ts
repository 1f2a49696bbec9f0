import type { Telemetry } from 'bullmq';
import { logContext } from '../log-context.ts';
import { type Payload, type Stage, tickKey } from '../pipeline.ts';

/** A tick as BullMQ takes it. */
export interface TickJob {
	name: string;
	data: object;
	opts: {
		deduplication: { id: string; keepLastIfActive: true };
		delay?: number;
		priority?: number;
		telemetry?: { metadata: string } | { omitContext: true };
	};
}

export interface TickOptions {
	delayMs?: number | undefined;
	/** How far behind those who ask for little. */
	place?: number | undefined;
	/** Hands on the trace of who ticks: made here, since jobs go to the queue in batches that are no one's. */
	telemetry?: Telemetry | undefined;
	/** Work that a sweep has found belongs to none of its finder's traces: each begins its own. */
	isFound?: boolean;
}

export function createTickJob<S extends Stage>(
	stage: S,
	payload: Payload<S>,
	{ delayMs, place, telemetry, isFound = false }: TickOptions = {},
): TickJob {
	return {
		name: stage,
		data: { ...payload, ...originOf(logContext()) },
		opts: {
			deduplication: { id: tickKey(stage, payload), keepLastIfActive: true },
			...(delayMs ? { delay: delayMs } : {}),
			// BullMQ serves what has no priority first, then 1, 2 and so on.
			...(place ? { priority: place } : {}),
			...(telemetry ? { telemetry: isFound ? { omitContext: true } : contextOf(telemetry) } : {}),
		},
	};
}

/** The request that work came from: it goes with the job, so that the worker's log lines bear it too. */
export function originOf({ requestId }: { requestId?: string }): { requestId?: string } {
	return requestId ? { requestId } : {};
}

function contextOf({ contextManager }: Telemetry): { metadata: string } {
	return { metadata: contextManager.getMetadata(contextManager.active()) };
}
