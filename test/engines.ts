import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { Database } from '../src/database/database.ts';
import type { QueueEngine } from '../src/queue/bullmq-queue.ts';
import { openPgliteQueue } from '../src/queue/pglite-pool.ts';
import { openPostgresQueue } from '../src/queue/postgres-queue.ts';
import { openRedisQueue } from '../src/queue/redis-queue.ts';
import { createOwn, openEmbedded, openMigrated } from './databases.ts';
import { dropKeys, postgresUrl, redisUrl } from './services.ts';
import { quietLog } from './stage.ts';

/** Database and queue of a test's own, which are gone when it is over. */
export interface Engine {
	database: Database;
	queue: QueueEngine;
}

/** On every engine there is: PostgreSQL and Redis only where they answer. */
export const engines: Record<string, () => Promise<Engine>> = {
	async PGlite() {
		const database = await openEmbedded();
		return { database, queue: await openPgliteQueue(database.pglite) };
	},
};
if (postgresUrl) {
	engines.PostgreSQL = async () => {
		const url = await createOwn();
		const database = await openMigrated(url);
		const queue = await openPostgresQueue(url);
		onTestFinished(() => queue.close());
		return { database, queue };
	};
}
if (redisUrl) {
	const server = redisUrl;
	engines['Redis (over PGlite)'] = async () => {
		const database = await openEmbedded();
		const prefix = `{understudy-test-${randomUUID().slice(0, 8)}}`;
		const queue = await openRedisQueue(server, prefix, quietLog);
		onTestFinished(async () => {
			await dropKeys(server, prefix);
			await queue.close();
		});
		return { database, queue };
	};
}
