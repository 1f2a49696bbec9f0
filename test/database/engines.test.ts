import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Telemetry } from 'bullmq';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { ChannelEvent } from '../../src/channel.ts';
import { migrate } from '../../src/database/database.ts';
import { migrations } from '../../src/database/migrations.ts';
import { openPglite } from '../../src/database/open-pglite.ts';
import { openPostgres } from '../../src/database/open-postgres.ts';
import { createInbox } from '../../src/inbox.ts';
import type { Queue } from '../../src/pipeline.ts';
import { type BullmqQueue, createBullmqQueue } from '../../src/queue/bullmq-queue.ts';
import { engines } from '../engines.ts';
import { idleJobs } from '../fakes/idle-jobs.ts';
import { createDatabase, postgresUrl } from '../services.ts';
import { quietLog } from '../stage.ts';

/** Traces that are a word, handed on as they are. */
function fakeTelemetry() {
	const storage = new AsyncLocalStorage<string | undefined>();
	const nothing = () => undefined;
	const telemetry: Telemetry<string | undefined> = {
		tracer: {
			startSpan: () => ({
				setSpanOnContext: trace => trace,
				setAttribute: nothing,
				setAttributes: nothing,
				addEvent: nothing,
				recordException: nothing,
				end: nothing,
			}),
		},
		contextManager: {
			with: (trace, work) => storage.run(trace, work),
			active: () => storage.getStore(),
			getMetadata: trace => trace ?? 'none',
			fromMetadata: (_active, metadata) => metadata,
		},
	};
	return {
		telemetry,
		within: <T>(trace: string, work: () => T) => storage.run(trace, work),
		current: () => storage.getStore(),
	};
}

const event = (vendorEventId: string, externalId: string, text = 'Hello?'): ChannelEvent => ({
	vendorEventId,
	thread: { externalId: '7', requesterId: '5' },
	kind: 'message',
	message: { externalId, author: 'customer', authorId: '5', isPublic: true, text, writtenAt: new Date() },
});

describe.each(Object.entries(engines))('on %s', (_, open) => {
	const ticked = () => {
		const keys: string[] = [];
		const queue: Queue = { tick: async (stage, payload) => void keys.push(`${stage} ${JSON.stringify(payload)}`) };
		return { keys, queue };
	};

	it('migrating again changes nothing', async () => {
		const { database } = await open();
		expect(await migrate(database.query)).toEqual([]);
	});

	it('a database that a later version has changed is refused, in words', async () => {
		const { database } = await open();
		await sql`insert into kysely_migration (name, timestamp) values ('9999-tomorrow', 'now')`.execute(database.query);
		await expect(migrate(database.query)).rejects.toThrow(/later version of Understudy \(9999-tomorrow/);
	});

	it('storing an event or a message twice changes nothing, however they arrive', async () => {
		const { database } = await open();
		const { queue, keys } = ticked();
		const inbox = createInbox({
			query: database.query,
			queue,
			log: quietLog,
			metrics: { conversationCreated: () => undefined },
			tenantId: 't',
			settleMs: 0,
		});
		const accept = (...events: ChannelEvent[]) => inbox.accept('zendesk', events);
		expect(await accept(event('e1', 'm1'))).toEqual({ stored: 1, duplicates: 0 });
		expect(await accept(event('e1', 'm1'))).toEqual({ stored: 0, duplicates: 1 });
		// The vendor tells of the same message in another event.
		await accept(event('e2', 'm1', 'something else'));
		await Promise.all([accept(event('e3', 'm3')), accept(event('e3', 'm3')), accept(event('e3', 'm3'))]);
		const messages = await database.query
			.selectFrom('messages')
			.select(['external_id', 'text'])
			.orderBy('seq')
			.execute();
		expect(messages).toEqual([
			{ external_id: 'm1', text: 'Hello?' },
			{ external_id: 'm3', text: 'Hello?' },
		]);
		expect(await database.query.selectFrom('conversations').select('id').execute()).toHaveLength(1);
		expect(keys.length).toBeGreaterThan(0);
	});

	it('a failed tick is no failed webhook: what is stored waits for the sweeper', async () => {
		const { database } = await open();
		const queue: Queue = { tick: () => Promise.reject(new Error('the queue is down')) };
		const inbox = createInbox({
			query: database.query,
			queue,
			log: quietLog,
			metrics: { conversationCreated: () => undefined },
			tenantId: 't',
			settleMs: 0,
		});
		expect(await inbox.accept('zendesk', [event('e1', 'm1')])).toEqual({ stored: 1, duplicates: 0 });
	});

	it('a notification reaches who listens', async () => {
		const { database } = await open();
		const heard: string[] = [];
		const stop = await database.listen('test_channel', payload => heard.push(payload));
		await sql`select pg_notify('test_channel', 'news')`.execute(database.query);
		await expect.poll(() => heard).toEqual(['news']);
		await stop();
	});

	it('ticks of one conversation run one at a time, and one asked for meanwhile runs afterwards', async () => {
		const { queue: engine } = await open();
		let running = 0;
		let overlaps = 0;
		let runs = 0;
		const queue: BullmqQueue = createBullmqQueue(engine, quietLog);
		await queue.work({
			...idleJobs,
			respond: {
				async run() {
					if (running++ > 0) overlaps++;
					await new Promise(resolve => setTimeout(resolve, 150));
					running--;
					runs++;
				},
			},
		});
		const conversationId = randomUUID();
		await queue.tick('respond', { conversationId });
		while (running === 0) await new Promise(resolve => setTimeout(resolve, 5));
		for (let tick = 0; tick < 5; tick++) await queue.tick('respond', { conversationId });
		await new Promise(resolve => setTimeout(resolve, 1200));
		expect({ overlaps, runs }).toEqual({ overlaps: 0, runs: 2 });
		await queue.close();
	});

	it('a job bears the trace of who ticked it, whoever shared the trip, and a sweep’s finds bear none', async () => {
		const { queue: engine } = await open();
		const { telemetry, within, current } = fakeTelemetry();
		const queue = createBullmqQueue(engine, quietLog, { telemetry });
		const ran: [string, string | undefined][] = [];
		await queue.work({
			...idleJobs,
			respond: {
				async run({ conversationId }) {
					ran.push([conversationId, current()]);
					await new Promise(resolve => setTimeout(resolve, 100));
				},
			},
		});
		const tick = (conversationId: string, trace: string) =>
			within(trace, () => queue.tick('respond', { conversationId }));
		await Promise.all([tick('one', 'trace of one'), tick('two', 'trace of two')]);
		await expect.poll(() => ran.length).toBe(2);
		// While it runs: the run that follows is the later tick's.
		await tick('one', 'a later trace');
		await expect.poll(() => ran.length).toBe(3);
		await within('trace of a sweep', () => queue.tickAll('respond', [{ conversationId: 'found' }]));
		await expect.poll(() => ran.length).toBe(4);
		expect(ran.toSorted().map(([id, trace]) => `${id}: ${trace}`)).toEqual([
			'found: undefined',
			'one: a later trace',
			'one: trace of one',
			'two: trace of two',
		]);
		await queue.close();
	});

	it('a job that fails is run again', async () => {
		const { queue: engine } = await open();
		let tries = 0;
		const queue = createBullmqQueue(engine, quietLog);
		const done = new Promise<void>(resolve => {
			void queue.work({
				...idleJobs,
				respond: {
					async run() {
						if (++tries < 3) throw new Error('not yet');
						resolve();
					},
				},
			});
		});
		await queue.tick('respond', { conversationId: randomUUID() });
		await done;
		expect(tries).toBe(3);
		await queue.close();
	});

	it('a job that fails every time is given up, and said so once', async () => {
		const { queue: engine } = await open();
		const queue = createBullmqQueue(engine, quietLog, { firstRetryMs: 1 });
		const givenUp: unknown[] = [];
		let tries = 0;
		const failing = {
			async run() {
				tries++;
				throw new Error('never');
			},
		};
		await queue.work({ ...idleJobs, respond: failing }, async (stage, payload, error) => {
			givenUp.push([stage, payload, error.message]);
		});
		const conversationId = randomUUID();
		await queue.tick('respond', { conversationId });
		await expect.poll(() => givenUp, { timeout: 10_000 }).toEqual([['respond', { conversationId }, 'never']]);
		expect(tries).toBe(6);
		await queue.close();
	});

	it('many ticks in one go are deduplicated like single ones, and counted while they wait', async () => {
		const { queue: engine } = await open();
		const queue = createBullmqQueue(engine, quietLog);
		const ids = Array.from({ length: 40 }, () => ({ conversationId: randomUUID() }));
		await queue.tick('respond', ids[0] as (typeof ids)[number]);
		await queue.tickAll('respond', [...ids, ...ids]);
		expect(await queue.backlog('respond')).toBe(40);
		expect(await queue.backlog('deliver')).toBe(0);
		await queue.close();
	});

	it('whoever asks for little is served before the flood of another', async () => {
		const { queue: engine } = await open();
		const queue = createBullmqQueue(engine, quietLog, { concurrency: 1 });
		const served: string[] = [];
		const tickOf = (tenantId: string, senderId: string) => {
			const conversationId = randomUUID();
			return queue.tick('respond', { conversationId }, { origin: { tenantId, senderId } }).then(() => conversationId);
		};
		const flood = await Promise.all(Array.from({ length: 60 }, () => tickOf('a', 'loud')));
		const quiet = await tickOf('a', 'quiet');
		expect(await queue.backlog('respond')).toBe(61);
		await queue.work({
			...idleJobs,
			respond: {
				async run({ conversationId }) {
					served.push(conversationId);
				},
			},
		});
		await expect.poll(() => served.length, { timeout: 10_000 }).toBe(61);
		// The first ten of anybody are served as they come.
		expect(served.indexOf(quiet)).toBe(10);
		expect([...served].sort()).toEqual([...flood, quiet].sort());
		await queue.close();
	});
});

describe.runIf(postgresUrl)('a PostgreSQL server', () => {
	it('is migrated once by many processes that start at once', async () => {
		const own = await createDatabase(postgresUrl as string);
		const databases = await Promise.all(Array.from({ length: 4 }, () => openPostgres(own.url)));
		const applied = await Promise.all(databases.map(({ query }) => migrate(query)));
		expect(applied.flat()).toEqual(Object.keys(migrations));
		await Promise.all(databases.map(database => database.close()));
		await own.drop();
	});
});

describe('the embedded database', () => {
	it('keeps what was stored', async () => {
		const directory = await mkdtemp(join(tmpdir(), 'understudy-data-'));
		const first = await openPglite(directory);
		await sql`create table kept as select 'yes' as word`.execute(first.query);
		await first.close();
		const second = await openPglite(directory);
		expect(await sql`select * from kept`.execute(second.query)).toMatchObject({ rows: [{ word: 'yes' }] });
		await second.close();
		await rm(directory, { recursive: true });
	});
});
