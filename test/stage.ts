import { createHmac, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import type { Kysely } from 'kysely';
import { onTestFinished } from 'vitest';
import { createZendeskChannel, type Zendesk } from '../integrations/zendesk/channel.ts';
import { root } from '../src/assemble.ts';
import { compose, type Product } from '../src/compose.ts';
import type { Database } from '../src/database/database.ts';
import { openPglite } from '../src/database/open-pglite.ts';
import type { Schema } from '../src/database/schema.ts';
import { settled } from '../src/demo/settled.ts';
import type { Person } from '../src/demo/zendesk/people.ts';
import { createZendeskSandbox, type ZendeskSandbox } from '../src/demo/zendesk/sandbox.ts';
import { understudyMacros } from '../src/demo/zendesk/understudy-macros.ts';
import { createHttpClient } from '../src/http-client.ts';
import type { Logger } from '../src/log.ts';
import { createMetrics } from '../src/metrics.ts';
import { loadPhrases } from '../src/phrases.ts';
import { type Policy, readPolicy } from '../src/policy/policy.ts';
import { type BullmqQueue, createBullmqQueue, type QueueEngine } from '../src/queue/bullmq-queue.ts';
import { openPgliteQueue } from '../src/queue/pglite-pool.ts';
import { type Tracing, untraced } from '../src/tracing/tracing.ts';
import { databaseTemplate } from './database-template.ts';
import { plainTriage } from './fakes/triage.ts';

export const quietLog: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** The whole product on embedded engines against the sandbox, with a triage that reads key words instead of a trained one. */
export interface Stage {
	product: Product;
	query: Kysely<Schema>;
	queue: BullmqQueue;
	zendesk: Zendesk;
	sandbox: ZendeskSandbox;
	customer: Person;
	agent: Person;
	agentId: number;
	webhookUrl: string;
	webhookSecret: string;
	/** Waits until nothing is under way. */
	settle(timeoutMs?: number): Promise<void>;
	/** Before the test is over, where one looks at what closing does. */
	close(): Promise<void>;
}

export interface StageOptions {
	policy?: Partial<Policy>;
	settleMs?: number;
	leaseMs?: number;
	firstRetryMs?: number;
	/** Which events the webhook subscribes to; none for a stage whose webhooks a test sends itself. */
	subscriptions?: string[];
	/** How soon the sweeper makes up for what got lost. */
	sweepEveryMs?: number;
	/** What it plays on; embedded ones unless said. */
	engines?: { database: Database; queue: QueueEngine };
	/** Replaces or wraps the vendor. */
	wrapZendesk?: (zendesk: Zendesk) => Zendesk;
	/** Zendesk's own stamps, of so many milliseconds each; unless said every version of a ticket has its own. */
	stampStepMs?: number;
	log?: Logger;
	tracing?: Tracing;
	/** What every answer's confidence is; high unless said. */
	confidence?: number;
}

export const everyTicketEvent = ['comment_added', 'status_changed', 'tags_changed'].map(
	name => `zen:event-type:ticket.${name}`,
);

/** A stage for the test that runs, closed when that is over. One that could not be opened leaves nothing to close. */
export async function openStage(options: StageOptions = {}): Promise<Stage> {
	const stage = await buildStage(options);
	onTestFinished(() => stage.close());
	return stage;
}

/** The same, with the knowledge most tests ask for. */
export async function openTaughtStage(options: StageOptions = {}): Promise<Stage> {
	const stage = await openStage(options);
	await teachShipping(stage);
	return stage;
}

async function openEmbeddedEngines(): Promise<Required<StageOptions>['engines']> {
	const database = await openPglite(undefined, await databaseTemplate());
	return { database, queue: await openPgliteQueue(database.pglite) };
}

async function buildStage(options: StageOptions): Promise<Stage> {
	const { log = quietLog, tracing = untraced } = options;
	const engines = options.engines ?? (await openEmbeddedEngines());
	const { database } = engines;
	const queue = createBullmqQueue(engines.queue, log, { telemetry: tracing.queue });
	const secret = randomUUID();
	const sandbox = await createZendeskSandbox({
		rateLimits: false,
		hasUniqueStamps: options.stampStepMs === undefined,
		delivery: { timeoutMs: 2000, retryDelayMs: 30, retryAfterSecondMs: 30 },
		seed: { macros: understudyMacros },
	});
	const agentId = sandbox.addUser({ name: 'Grace Holloway', email: 'grace@shop.example', role: 'agent' }).id;
	const customerId = sandbox.addUser({
		name: 'Ana Prado',
		email: 'ana@example.com',
		role: 'end-user',
		locale: 'en-GB',
	}).id;
	const real = createZendeskChannel(
		{
			url: sandbox.url,
			webhookSecret: secret,
			credentials: {
				kind: 'oauth',
				clientId: sandbox.credentials.clientId,
				clientSecret: sandbox.credentials.clientSecret,
			},
		},
		{
			send: tracing.traceSend('zendesk', createHttpClient({ timeoutMs: 1000 })),
			stampStepMs: options.stampStepMs ?? Number.NEGATIVE_INFINITY,
		},
	);
	const zendesk = options.wrapZendesk?.(real) ?? real;
	const policy = { ...readPolicy(join(root, 'manifests/policy.yaml')), review: 0, ...options.policy };
	const sweepEveryMs = options.sweepEveryMs ?? 400;
	const product = compose({
		database,
		queue,
		zendesk,
		triage: plainTriage,
		conceptsOf: () => [],
		confidence: { weights: [], of: () => options.confidence ?? 0.95 },
		policy,
		phrases: loadPhrases(join(root, 'locales')),
		metrics: createMetrics(database.forTenant('default'), queue),
		tracing,
		log,
		settings: {
			tenantId: 'default',
			settleMs: options.settleMs ?? 0,
			leaseMs: options.leaseMs ?? 1500,
			graceMs: 200,
			firstRetryMs: options.firstRetryMs ?? 500,
		},
	});
	await zendesk.connect();
	await product.knowledge.follow();
	await queue.work(product.jobs, product.deadLetters.record);
	queue.every('sweep', sweepEveryMs);
	queue.every('seal-audit', sweepEveryMs);
	const server = serve({ fetch: product.http.fetch, port: 0, hostname: '127.0.0.1' });
	await new Promise(resolve => server.once('listening', resolve));
	const webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/zendesk`;
	sandbox.addWebhook({ endpoint: webhookUrl, subscriptions: options.subscriptions ?? everyTicketEvent, secret });

	const close = async () => {
		await new Promise(resolve => server.close(resolve));
		await product.close();
		await queue.close(300);
		await sandbox.close();
		await database.close();
	};
	let closed: Promise<void> | undefined;
	return {
		product,
		query: database.query,
		queue,
		zendesk,
		sandbox,
		customer: sandbox.as(customerId),
		agent: sandbox.as(agentId),
		agentId,
		webhookUrl,
		webhookSecret: secret,
		settle: timeoutMs => settled(database.query, () => sandbox.idle(), timeoutMs),
		close() {
			closed ??= close();
			return closed;
		},
	};
}

async function teachShipping(stage: Stage): Promise<void> {
	await teach(stage, {
		id: 'shipping',
		title: 'Standard delivery',
		category: 'shipping',
		body: 'Standard delivery takes 3 to 5 working days.',
	});
	await teach(stage, {
		id: 'express',
		title: 'Express delivery',
		category: 'shipping',
		body: 'Express delivery takes 1 to 2 working days.',
	});
}

/** A signed webhook with any body. */
export function postWebhook(
	{ webhookUrl, webhookSecret }: Pick<Stage, 'webhookUrl' | 'webhookSecret'>,
	body: unknown,
	headers: Record<string, string> = {},
): Promise<Response> {
	const text = JSON.stringify(body);
	const timestamp = new Date().toISOString();
	const signature = createHmac('sha256', webhookSecret)
		.update(timestamp + text)
		.digest('base64');
	return fetch(webhookUrl, {
		method: 'POST',
		body: text,
		headers: {
			...headers,
			'content-type': 'application/json',
			'x-zendesk-webhook-signature': signature,
			'x-zendesk-webhook-signature-timestamp': timestamp,
		},
	});
}

/** What a Zendesk trigger tells when a customer has written. */
export function triggerBody(ticket: { id: number; requester_id: number }): object {
	return {
		understudy: 'ticket',
		ticket_id: ticket.id,
		requester_id: ticket.requester_id,
		current_user_id: ticket.requester_id,
		status: 'open',
		tags: '',
		updated_at: new Date().toISOString(),
	};
}

/** Puts an article into the knowledge and waits until it is found. */
export async function teach(
	stage: Stage,
	article: { id: string; title: string; body: string; category?: string },
): Promise<void> {
	await stage.product.knowledge.put({
		language: 'en',
		category: null,
		audience: 'public',
		url: `https://help.example/${article.id}`,
		source: 'file',
		sourceRef: 'test',
		...article,
	});
	await stage.settle();
	for (let tries = 0; tries < 100; tries++) {
		const found = stage.product.knowledge.search.search({
			query: article.title,
			language: 'en',
			audiences: ['public'],
			limit: 20,
		});
		if (found.some(({ passage }) => passage.articleId === article.id)) return;
		await new Promise(resolve => setTimeout(resolve, 20));
	}
	throw new Error(`article ${article.id} is not found by search`);
}
