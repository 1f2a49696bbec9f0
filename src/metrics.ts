import { type Kysely, sql } from 'kysely';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Schema } from './database/schema.ts';
import type { SendHttp } from './http-client.ts';
import { type BulkQueue, type Jobs, payloads, type Stage } from './pipeline.ts';
import { wrapJobs } from './wrap-jobs.ts';

/** What the parts report while they work. Nothing here holds what a customer wrote or who they are. */
export interface Metrics {
	conversationCreated(tenantId: string): void;
	/** What became of a turn. */
	turn(tenantId: string, became: 'answered' | 'drafted' | 'handed_over' | 'silent'): void;
	delivery(tenantId: string, kind: string, outcome: 'sent' | 'stale' | 'failed'): void;
	/** Rows whose period was over. */
	deleted(kind: string, rows: number): void;
	/** From a customer's first message to the first public answer, whoever gave it. */
	firstResponse(tenantId: string, seconds: number): void;
	/** `jobs` that report how long they took and whether they failed. */
	measureJobs<J extends Jobs>(jobs: J): J;
	/** `send`, counting calls to `vendor` by method and what came of them. */
	measureCalls(vendor: string, send: SendHttp): SendHttp;
	/** The page that Prometheus reads. */
	page(): Promise<{ contentType: string; text: string }>;
}

/** Tenants that get a label of their own; the rest share one, so that the page does not grow with the customers. */
const mostTenants = 50;

const latencyBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const responseBuckets = [0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 14_400, 86_400];

/** One registry a process; what stands in the database is read when the page is. */
export function createMetrics(query: Kysely<Schema>, queue: Pick<BulkQueue, 'backlog'>): Metrics {
	const registry = new Registry();
	const registers = [registry];
	collectDefaultMetrics({ register: registry, prefix: 'understudy_process_' });
	const tenantLabel = createTenantLabel();

	const created = new Counter({
		name: 'understudy_conversations_created_total',
		help: 'Conversations that began.',
		labelNames: ['tenant'],
		registers,
	});
	const turns = new Counter({
		name: 'understudy_turns_total',
		help: 'Turns by what became of them: answered, drafted, handed_over, silent.',
		labelNames: ['tenant', 'became'],
		registers,
	});
	const deliveries = new Counter({
		name: 'understudy_deliveries_total',
		help: 'What was to be written outside, by kind and outcome.',
		labelNames: ['tenant', 'kind', 'outcome'],
		registers,
	});
	const deletions = new Counter({
		name: 'understudy_deleted_total',
		help: 'Rows that were deleted because their period was over, by kind.',
		labelNames: ['kind'],
		registers,
	});
	const firstResponse = new Histogram({
		name: 'understudy_first_response_seconds',
		help: 'From a customer’s first message to the first public answer.',
		labelNames: ['tenant'],
		buckets: responseBuckets,
		registers,
	});
	const stageSeconds = new Histogram({
		name: 'understudy_stage_seconds',
		help: 'How long a run of a stage took.',
		labelNames: ['stage', 'outcome'],
		buckets: latencyBuckets,
		registers,
	});
	const vendorSeconds = new Histogram({
		name: 'understudy_vendor_call_seconds',
		help: 'Calls to vendors: status by its class, 429 by itself, or that there was no answer.',
		labelNames: ['vendor', 'method', 'status'],
		buckets: latencyBuckets,
		registers,
	});
	new Gauge({
		name: 'understudy_queue_waiting',
		help: 'Runs that wait for a free worker.',
		labelNames: ['stage'],
		registers,
		async collect() {
			for (const stage of Object.keys(payloads) as Stage[]) this.set({ stage }, await queue.backlog(stage));
		},
	});
	new Gauge({
		name: 'understudy_oldest_seconds',
		help: 'Age of the oldest unhandled work: messages in the inbox, deliveries in the outbox.',
		labelNames: ['what'],
		registers,
		async collect() {
			const { inbox, outbox, failed } = await readAges(query);
			this.set({ what: 'inbox' }, inbox);
			this.set({ what: 'outbox' }, outbox);
			deadLetters.set(failed);
		},
	});
	const deadLetters = new Gauge({
		name: 'understudy_dead_letters',
		help: 'Work that was given up and waits for a person.',
		registers,
	});

	return {
		conversationCreated: tenantId => created.inc({ tenant: tenantLabel(tenantId) }),
		turn: (tenantId, became) => turns.inc({ tenant: tenantLabel(tenantId), became }),
		delivery: (tenantId, kind, outcome) => deliveries.inc({ tenant: tenantLabel(tenantId), kind, outcome }),
		deleted: (kind, rows) => deletions.inc({ kind }, rows),
		firstResponse: (tenantId, seconds) => firstResponse.observe({ tenant: tenantLabel(tenantId) }, seconds),
		measureJobs: jobs =>
			wrapJobs(jobs, async (stage, _payload, run) => {
				const end = stageSeconds.startTimer({ stage });
				try {
					await run();
					end({ outcome: 'done' });
				} catch (error) {
					end({ outcome: 'failed' });
					throw error;
				}
			}),
		measureCalls: (vendor, send) => async request => {
			const end = vendorSeconds.startTimer({ vendor, method: request.method });
			try {
				const answer = await send(request);
				end({ status: answer.status === 429 ? '429' : `${Math.floor(answer.status / 100)}xx` });
				return answer;
			} catch (error) {
				end({ status: 'no answer' });
				throw error;
			}
		},
		page: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
	};
}

function createTenantLabel(): (tenantId: string) => string {
	const known = new Set<string>();
	return tenantId => {
		if (known.size < mostTenants) known.add(tenantId);
		return known.has(tenantId) ? tenantId : 'other';
	};
}

async function readAges(query: Kysely<Schema>): Promise<{ inbox: number; outbox: number; failed: number }> {
	const { rows } = await sql<{ inbox: number; outbox: number; failed: number }>`
		select
			coalesce(extract(epoch from now() - (
				select min(received_at) from messages where turn_id is null and author = 'customer' and is_public
			)), 0)::float8 as inbox,
			coalesce(extract(epoch from now() - (
				select min(created_at) from deliveries where state in ('queued', 'sending', 'ambiguous')
			)), 0)::float8 as outbox,
			((select count(*) from dead_letters where state = 'dead')
				+ (select count(*) from deliveries where state = 'failed'))::float8 as failed`.execute(query);
	return rows[0] ?? { inbox: 0, outbox: 0, failed: 0 };
}
