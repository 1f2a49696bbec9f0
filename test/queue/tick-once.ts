// Ticks one conversation through the Redis that is named, says that it ran, and ends.
import { createBullmqQueue } from '../../src/queue/bullmq-queue.ts';
import { openRedisQueue } from '../../src/queue/redis-queue.ts';
import { idleJobs } from '../fakes/idle-jobs.ts';

const nothing = () => undefined;
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const engine = await openRedisQueue(process.argv[2] as string, '{understudy-test}', log);
const queue = createBullmqQueue(engine, log);
const { promise: ran, resolve: run } = Promise.withResolvers<string>();
await queue.work({ ...idleJobs, respond: { run: async ({ conversationId }) => run(conversationId) } });
await queue.tick('respond', { conversationId: '00000000-0000-4000-8000-000000000001' });
process.stdout.write(`ran ${await ran}\n`);
await queue.close();
await engine.close();
