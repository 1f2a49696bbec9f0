import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { UnderstudyError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { QueueEngine } from './bullmq-queue.ts';
import { parseRedisUrl, type RedisTarget } from './redis-url.ts';

/** How long a start waits for Redis before it says that there is none. */
const startTimeoutMs = 5000;

/**
 * BullMQ on Redis. Two connections: the workers' waits for a lost Redis for ever, that of those who announce work gives up
 * at once, so that no webhook hangs on a queue. What could not be announced, the sweeper finds in the database.
 * @param prefix of every key; in braces, so that a Cluster keeps the keys of one queue on one node.
 */
export async function openRedisQueue(
	url: string,
	prefix: string,
	log: Logger,
): Promise<QueueEngine & { close(): Promise<void> }> {
	const target = parseRedisUrl(url);
	const worker = connect(target, { maxRetriesPerRequest: null });
	const producer = connect(target, { maxRetriesPerRequest: 0, enableOfflineQueue: false, commandTimeout: 2000 });
	const connections = [worker, producer];
	const close = async () => {
		for (const connection of connections) connection.disconnect();
	};
	let lastError: Error | undefined;
	for (const connection of connections) connection.on('error', error => (lastError = error));
	try {
		await Promise.all(connections.map(connection => ready(connection)));
		await checkPolicy(worker, log);
	} catch (cause) {
		await close();
		const why = lastError ?? (cause as Error);
		throw new UnderstudyError(
			'QUEUE_UNREACHABLE',
			`REDIS_URL names a Redis that cannot be used: ${why.message}. Is it running there, and are user and password right? Without REDIS_URL the queue lives in PostgreSQL.`,
			{ cause: why },
		);
	}
	tellOutages(worker, log);
	return { connection: worker, producer, prefix, ping: () => producer.ping(), close };
}

function connect(target: RedisTarget, own: RedisOptions): Redis | Cluster {
	// Back within a second of Redis, however long it was away.
	const retryStrategy = (attempt: number) => Math.min(1000, 50 * 2 ** attempt);
	const options: RedisOptions = { ...target.options, ...own, retryStrategy, connectTimeout: 3000, keepAlive: 10_000 };
	if (target.kind !== 'cluster') return new Redis(options);
	return new Cluster(target.nodes, {
		clusterRetryStrategy: retryStrategy,
		redisOptions: options,
		...(own.enableOfflineQueue === undefined ? {} : { enableOfflineQueue: own.enableOfflineQueue }),
	});
}

async function ready(connection: Redis | Cluster): Promise<void> {
	if (connection.status !== 'ready') {
		await new Promise<void>((resolve, reject) => {
			const timer = setTimeout(() => reject(new Error(`no answer within ${startTimeoutMs / 1000} s`)), startTimeoutMs);
			connection.once('ready', () => {
				clearTimeout(timer);
				resolve();
			});
		});
	}
	await connection.ping();
}

/** One line when Redis goes and one when it is back, not one for every attempt between. */
function tellOutages(connection: Redis | Cluster, log: Logger): void {
	let isAway = false;
	connection.on('error', error => {
		if (!isAway) log.warn({ err: error }, 'Redis is away; work is stored and waits');
		isAway = true;
	});
	connection.on('ready', () => {
		if (isAway) log.info({}, 'Redis is back');
		isAway = false;
	});
}

/** A Redis that evicts keys when memory runs short throws jobs away; the sweeper would make up for them, slowly. */
async function checkPolicy(connection: Redis | Cluster, log: Logger): Promise<void> {
	const info = await connection.info('memory');
	const policy = /maxmemory_policy:(\S+)/.exec(info)?.[1];
	if (policy && policy !== 'noeviction') {
		log.warn({ policy }, 'Redis may evict jobs when its memory runs short; set maxmemory-policy to noeviction');
	}
}
