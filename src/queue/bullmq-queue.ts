import { Queue as BullQueue, type ConnectionOptions, type createPostgresBackend, type Telemetry, Worker } from 'bullmq';
import { createBatch } from '../batch.ts';
import type { Logger } from '../log.ts';
import { withLogContext } from '../log-context.ts';
import { type BulkQueue, type Job, type Jobs, type Payload, payloads, type Queue, type Stage } from '../pipeline.ts';
import { createFairShare } from './fair-share.ts';
import { createTickJob, originOf, type TickJob } from './tick-job.ts';

/** Where BullMQ keeps its jobs: Redis, PostgreSQL or PGlite, as the composition chose. */
export interface QueueEngine {
	/** For workers: waits until the engine is back. */
	connection: unknown;
	/** For announcing work: fails at once while the engine is away. The workers' where there is none. */
	producer?: unknown;
	/** Throws where the engine does not answer. */
	ping(): Promise<unknown>;
	/** BullMQ's own default, Redis, where there is none. */
	backend?: typeof createPostgresBackend;
	/** Key prefix on Redis; PostgreSQL separates by schema. */
	prefix?: string;
}

const stages = Object.keys(payloads) as Stage[];

/** Stages of which one process does only so many runs at a time, so that answering is not held up. */
const calmStages: Partial<Record<Stage, number>> = {
	review: 10,
	harvest: 2,
	'index-article': 2,
	sweep: 1,
	'seal-audit': 1,
	retain: 1,
};

export interface BullmqQueueOptions {
	/** How many conversations one process answers at a time. */
	concurrency?: number;
	/** The wait after a first failed run; doubles with each. */
	firstRetryMs?: number;
	/** Hands a trace on inside each job. */
	telemetry?: Telemetry | undefined;
}

/** Stages that a clock ticks: a trace of each run would bury those of the tickets. */
const timedStages = ['sweep', 'seal-audit', 'retain'] as const;
type TimedStage = (typeof timedStages)[number];

/** Told when a run has failed as often as it is tried in a row. */
export type OnGivenUp = <S extends Stage>(stage: S, payload: Payload<S>, error: Error) => Promise<void>;

export interface BullmqQueue extends BulkQueue {
	/** Starts working: one BullMQ worker a stage. */
	work(jobs: Jobs, onGivenUp?: OnGivenUp): Promise<void>;
	/**
	 * Ticks a stage that needs nothing to be told, every `everyMs` from this process; at most one run at a time whatever the
	 * number of processes. By a timer and not a Job Scheduler: that lives in the engine whose losses the sweeper makes up for.
	 */
	every(stage: TimedStage, everyMs: number): void;
	ping(): Promise<void>;
	/** BullMQ's own queues, one a stage, for who wants to look into them. */
	all(): readonly BullQueue[];
	/** Takes no new work, lets current work finish for `graceMs` and hands the rest back, closes. */
	close(graceMs?: number): Promise<void>;
}

/** The `Queue` port on BullMQ: one BullMQ queue a stage, ticks deduplicated per conversation. */
export function createBullmqQueue(
	engine: QueueEngine,
	log: Logger,
	{ concurrency = 200, firstRetryMs = 500, telemetry }: BullmqQueueOptions = {},
): BullmqQueue {
	const queues = new Map<Stage, BullQueue>();
	const workers: Worker[] = [];
	const tracingOf = (stage: Stage) =>
		telemetry && !(timedStages as readonly Stage[]).includes(stage) ? { telemetry } : {};

	const queueOf = (stage: Stage): BullQueue => {
		let queue = queues.get(stage);
		if (!queue) {
			queue = new BullQueue(
				stage,
				{
					connection: (engine.producer ?? engine.connection) as ConnectionOptions,
					...(engine.prefix ? { prefix: engine.prefix } : {}),
					...tracingOf(stage),
					// An engine that is away must not hold up who announces work.
					skipWaitingForReady: true,
					defaultJobOptions: {
						attempts: 6,
						backoff: { type: 'exponential', delay: firstRetryMs, jitter: 0.5 },
						removeOnComplete: true,
						removeOnFail: true,
					},
				},
				engine.backend as never,
			);
			queue.on('error', error => log.warn({ stage, err: error }, 'queue connection trouble'));
			queues.set(stage, queue);
		}
		return queue;
	};

	const startWorker = async <S extends Stage>(stage: S, job: Job<S>, onGivenUp: OnGivenUp) => {
		const worker = new Worker(
			stage,
			async bullJob => {
				const payload = payloads[stage].parse(bullJob.data) as Payload<S>;
				await withLogContext(originOf(bullJob.data), () => job.run(payload));
			},
			{
				connection: engine.connection as ConnectionOptions,
				...(engine.prefix ? { prefix: engine.prefix } : {}),
				...tracingOf(stage),
				concurrency: calmStages[stage] ?? concurrency,
				// A killed worker's jobs are taken over within 15 s.
				lockDuration: 10_000,
				stalledInterval: 5_000,
				// Being taken over is no fault of the job's: the database decides when to give up.
				maxStalledCount: 1_000,
			},
			engine.backend as never,
		);
		worker.on('error', error => log.warn({ stage, err: error }, 'worker trouble'));
		worker.on('failed', (bullJob, error) => {
			log.warn({ stage, ...bullJob?.data, attempt: bullJob?.attemptsMade, err: error }, 'job failed');
			if (!bullJob || bullJob.attemptsMade < (bullJob.opts.attempts ?? 1)) return;
			onGivenUp(stage, payloads[stage].parse(bullJob.data) as Payload<S>, error).catch(trouble =>
				log.warn({ stage, err: trouble }, 'a failure could not be recorded; the sweeper tries the work again'),
			);
		});
		await worker.waitUntilReady();
		workers.push(worker);
	};

	// Ticks of one turn of the event loop go out together: one round trip for fifty.
	const announcers = new Map<Stage, (job: TickJob) => Promise<unknown>>();
	const announce = (stage: Stage): ((job: TickJob) => Promise<unknown>) => {
		let batch = announcers.get(stage);
		if (!batch) {
			batch = createBatch((jobs: TickJob[]) => queueOf(stage).addBulk(jobs), {
				keyOf: ({ opts }) => opts.deduplication.id,
				lingerMs: 0,
			});
			announcers.set(stage, batch);
		}
		return batch;
	};
	const placeOf = createFairShare();
	const tick: Queue['tick'] = async (stage, payload, { delayMs, origin } = {}) => {
		const place = origin && placeOf(origin);
		await announce(stage)(createTickJob(stage, payload, { delayMs, place, ...tracingOf(stage) }));
	};
	const timers: NodeJS.Timeout[] = [];
	let isClosing = false;

	return {
		tick,
		async tickAll(stage, payloads) {
			await queueOf(stage).addBulk(
				payloads.map(payload => createTickJob(stage, payload, { isFound: true, ...tracingOf(stage) })),
			);
		},
		backlog: stage => queueOf(stage).getJobCountByTypes('waiting', 'prioritized'),
		async work(jobs, onGivenUp = async () => undefined) {
			for (const stage of stages) {
				if (isClosing) return;
				await startWorker(stage, jobs[stage], onGivenUp);
			}
		},
		every(stage, everyMs) {
			const tickSoon = () =>
				tick(stage, {}).catch(error => log.warn({ stage, err: error }, 'could not be announced, tried again soon'));
			timers.push(setInterval(tickSoon, everyMs));
			void tickSoon();
		},
		async ping() {
			await engine.ping();
		},
		all: () => stages.map(queueOf),
		async close(graceMs = 10_000) {
			isClosing = true;
			for (const timer of timers) clearInterval(timer);
			await Promise.all(workers.map(worker => closeWithin(worker, graceMs)));
			await Promise.all([...queues.values()].map(queue => queue.close()));
		},
	};
}

/** A job that does not end in time is left behind: its lock runs out, and another worker takes it over. */
async function closeWithin(worker: Worker, graceMs: number): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const tooLong = new Promise<void>(resolve => {
		timer = setTimeout(resolve, graceMs);
	});
	await Promise.race([worker.close(), tooLong]);
	clearTimeout(timer);
}
