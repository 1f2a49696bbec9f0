import { join } from 'node:path';
import { createZendeskChannel, type Zendesk } from '../integrations/zendesk/channel.ts';
import { ZendeskSettings } from '../integrations/zendesk/config.ts';
import { credentialsWarning } from '../integrations/zendesk/transport.ts';
import { compose, composeIntake, type Parts, type Product } from './compose.ts';
import { type Environment, readSettings, Settings } from './config.ts';
import { type Database, migrate } from './database/database.ts';
import { openPglite } from './database/open-pglite.ts';
import { openPostgres } from './database/open-postgres.ts';
import { createHttpClient } from './http-client.ts';
import type { Logger } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { loadPhrases } from './phrases.ts';
import { loadModels, type Models } from './policy/load-models.ts';
import { type Policy, readPolicy } from './policy/policy.ts';
import { createBoard } from './queue/board.ts';
import { type BullmqQueue, createBullmqQueue, type QueueEngine } from './queue/bullmq-queue.ts';
import { openPgliteQueue } from './queue/pglite-pool.ts';
import { openPostgresQueue } from './queue/postgres-queue.ts';
import { openRedisQueue } from './queue/redis-queue.ts';
import { parseRedisUrl } from './queue/redis-url.ts';
import { openTracing, type Tracing, untraced } from './tracing/tracing.ts';

/** The project's own files, wherever the command was called from. */
export const root = join(import.meta.dirname, '..');

/** The phrases and training examples that the settings name: the project's own, or a deployment's. */
export function localesDirOf({ LOCALES_DIR }: Pick<Settings, 'LOCALES_DIR'>): string {
	return LOCALES_DIR === 'locales' ? join(root, LOCALES_DIR) : LOCALES_DIR;
}

/** Database and queue as the settings choose them: the same code on every rung. */
export interface Engines {
	database: Database;
	queue: BullmqQueue;
	/** The migrations that this opening applied. */
	migrated: string[];
	close(): Promise<void>;
}

/** Opens database and queue, and brings both schemas up to date. @param memory nothing on disk: for demos and replays. */
export async function openEngines(
	settings: Settings,
	log: Logger,
	{ memory = false, tracing = untraced }: { memory?: boolean | undefined; tracing?: Tracing } = {},
): Promise<Engines> {
	// A setting that cannot be read is told before anything is changed.
	if (settings.REDIS_URL) parseRedisUrl(settings.REDIS_URL);
	const closers: (() => Promise<void>)[] = [];
	const close = async () => {
		for (const closeOne of closers.toReversed()) await closeOne();
	};
	try {
		let database: Database;
		let engine: QueueEngine;
		if (settings.DATABASE_URL) {
			database = await openPostgres(settings.DATABASE_URL);
			closers.push(database.close);
			const opened = settings.REDIS_URL
				? await openRedisQueue(settings.REDIS_URL, settings.REDIS_PREFIX, log)
				: await openPostgresQueue(settings.DATABASE_URL);
			closers.push(opened.close);
			engine = opened;
		} else {
			const embedded = await openPglite(memory ? undefined : join(settings.DATA_DIR, 'database'));
			closers.push(embedded.close);
			database = embedded;
			engine = await openPgliteQueue(embedded.pglite);
		}
		const migrated = await migrate(database.query);
		const queue = createBullmqQueue(engine, log, { concurrency: settings.CONCURRENCY, telemetry: tracing.queue });
		closers.push(() => queue.close());
		return { database, queue, migrated, close };
	} catch (error) {
		// What was opened before the part that failed must not keep the process alive.
		await close();
		throw error;
	}
}

/** Everything that thinks, without anything that remembers or speaks: what `simulate` and the evals need. */
export interface Mind extends Models {
	policy: Policy;
}

/** Loads the policy and the models. Slow once, while they are trained; from the cache afterwards. */
export async function openMind(
	settings: Settings,
	onProgress?: (message: string) => void,
	products: readonly string[] = [],
): Promise<Mind> {
	const policy = openPolicy(settings);
	const models = await loadModels({
		localesDir: localesDirOf(settings),
		cacheDir: join(settings.DATA_DIR, 'models'),
		policy,
		products,
		...(onProgress ? { onProgress } : {}),
	});
	return { policy, ...models };
}

/** The policy that the settings name: the project's own, or a deployment's. */
export function openPolicy({ POLICY_FILE }: Pick<Settings, 'POLICY_FILE'>): Policy {
	return readPolicy(POLICY_FILE === 'manifests/policy.yaml' ? join(root, POLICY_FILE) : POLICY_FILE);
}

/** One running Understudy. */
export interface Understudy {
	product: Product;
	database: Database;
	queue: BullmqQueue;
	zendesk: Zendesk;
	/** Starts working and following the knowledge. */
	work(): Promise<void>;
	close(): Promise<void>;
}

/** The one tenant of this installation. */
export const defaultTenant = 'default';

/** How long a sender is presumed alive: above the 10 s that a call to a vendor may take, twice over. */
const leaseMs = 25_000;
const sweepEveryMs = 5_000;
const retainEveryMs = 3_600_000;

/** What a `web` process is: it takes messages in and thinks nothing. */
export interface WebProcess extends Pick<Understudy, 'database' | 'queue' | 'zendesk' | 'close'> {
	product: Pick<Product, 'http'>;
}

/** Opens what taking messages in needs. Nothing is heard until its `http` is served. */
export async function assembleWeb(env: Environment, log: Logger): Promise<WebProcess> {
	const settings = readSettings(Settings, env);
	const zendeskSettings = readSettings(ZendeskSettings, env);
	const tracing = await openTracing(env, log);
	const engines = await openEngines(settings, log, { tracing });
	const metrics = createMetrics(engines.database.forTenant(defaultTenant), engines.queue);
	const zendesk = openZendesk(zendeskSettings, log, metrics, tracing);
	const board = openBoard(settings, engines.queue);
	const product = composeIntake({
		...engines,
		zendesk,
		metrics,
		tracing,
		board,
		log,
		settings: intakeSettings(settings),
	});
	return { ...engines, zendesk, product, close: () => engines.close().finally(tracing.close) };
}

/** Opens what the settings name and puts it together. Nothing runs until `work`, or until its `http` is served. */
export async function assemble(
	env: Environment,
	log: Logger,
	options: {
		memory?: boolean;
		onProgress?: (message: string) => void;
		/** What is sold, besides what the policy names. */
		products?: readonly string[];
		wrapThinking?: Parts['wrapThinking'];
	} = {},
): Promise<Understudy> {
	const settings = readSettings(Settings, env);
	// Told before half a minute of training.
	const zendeskSettings = readSettings(ZendeskSettings, env);
	const tracing = await openTracing(env, log);
	const mind = await openMind(settings, options.onProgress, options.products);
	const engines = await openEngines(settings, log, { memory: options.memory, tracing });
	const { database, queue } = engines;
	const metrics = createMetrics(database.forTenant(defaultTenant), queue);
	const zendesk = openZendesk(zendeskSettings, log, metrics, tracing);
	const parts: Parts = {
		database,
		queue,
		zendesk,
		triage: mind.triage,
		conceptsOf: mind.conceptsOf,
		confidence: mind.confidence,
		policy: mind.policy,
		phrases: loadPhrases(localesDirOf(settings)),
		metrics,
		tracing,
		board: openBoard(settings, queue),
		log,
		...(options.wrapThinking ? { wrapThinking: options.wrapThinking } : {}),
		settings: { ...intakeSettings(settings), leaseMs, graceMs: 2 * sweepEveryMs, firstRetryMs: 500 },
	};
	const product = compose(parts, settings.ROLE === 'worker' ? [] : [zendesk]);
	return {
		product,
		database,
		queue,
		zendesk,
		async work() {
			await product.knowledge.follow();
			await queue.work(product.jobs, product.deadLetters.record);
			queue.every('sweep', sweepEveryMs);
			queue.every('seal-audit', sweepEveryMs);
			queue.every('retain', retainEveryMs);
		},
		async close() {
			await product.close();
			await engines.close().finally(tracing.close);
		},
	};
}

const intakeSettings = (settings: Settings) => ({ tenantId: defaultTenant, settleMs: settings.SETTLE_MS });

function openBoard({ BOARD_USER: user, BOARD_PASSWORD: password }: Settings, queue: BullmqQueue) {
	return user && password ? createBoard({ user, password, queues: queue.all }) : undefined;
}

function openZendesk(settings: ZendeskSettings, log: Logger, metrics: Metrics, tracing: Tracing): Zendesk {
	const warning = credentialsWarning(settings);
	if (warning) log.warn({}, warning);
	return createZendeskChannel(settings, {
		send: tracing.traceSend('zendesk', metrics.measureCalls('zendesk', createHttpClient())),
	});
}
