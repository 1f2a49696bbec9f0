import { randomUUID } from 'node:crypto';
import { type Database, migrate } from '../src/database/database.ts';
import { openPglite } from '../src/database/open-pglite.ts';
import { openPostgres } from '../src/database/open-postgres.ts';
import type { QueueEngine } from '../src/queue/bullmq-queue.ts';
import { openPgliteQueue } from '../src/queue/pglite-pool.ts';
import { openPostgresQueue } from '../src/queue/postgres-queue.ts';
import { openRedisQueue } from '../src/queue/redis-queue.ts';
import { databaseTemplate } from './database-template.ts';
import { createDatabase, dropKeys, postgresUrl, redisUrl } from './services.ts';
import { quietLog } from './stage.ts';

/** Database and queue of a test's own. */
export interface Engine {
	database: Database;
	queue: QueueEngine;
	close(): Promise<void>;
}

/** On every engine there is: PostgreSQL and Redis only where they answer. */
export const engines: Record<string, () => Promise<Engine>> = {
	async PGlite() {
		const database = await openPglite(undefined, await databaseTemplate());
		const queue = await openPgliteQueue(database.pglite);
		return { database, queue, close: () => database.close() };
	},
};
if (postgresUrl) {
	const server = postgresUrl;
	engines.PostgreSQL = async () => {
		const own = await createDatabase(server);
		const database = await openPostgres(own.url);
		await migrate(database.query);
		const queue = await openPostgresQueue(own.url);
		return {
			database,
			queue,
			async close() {
				await queue.close();
				await database.close();
				await own.drop();
			},
		};
	};
}
if (redisUrl) {
	const server = redisUrl;
	engines['Redis (over PGlite)'] = async () => {
		const database = await openPglite(undefined, await databaseTemplate());
		const prefix = `{understudy-test-${randomUUID().slice(0, 8)}}`;
		const queue = await openRedisQueue(server, prefix, quietLog);
		return {
			database,
			queue,
			async close() {
				await dropKeys(server, prefix);
				await queue.close();
				await database.close();
			},
		};
	};
}
