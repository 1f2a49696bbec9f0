import { describe, expect, it } from 'vitest';
import type { ChannelEvent, Thread } from '../../src/channel.ts';
import { readConversations } from '../../src/conversations.ts';
import { migrate } from '../../src/database/database.ts';
import { openPostgres } from '../../src/database/open-postgres.ts';
import { createInbox } from '../../src/inbox.ts';
import { createDatabase, postgresUrl } from '../services.ts';
import { quietLog } from '../stage.ts';

describe.runIf(postgresUrl)('on PostgreSQL', () => {
	const withDatabase = async (use: (url: string) => Promise<void>) => {
		const own = await createDatabase(postgresUrl as string);
		try {
			await use(own.url);
		} finally {
			await own.drop();
		}
	};

	it('a webhook and a read of the same new comments do not wait for each other for ever', () =>
		withDatabase(async url => {
			const [one, two] = [await openPostgres(url), await openPostgres(url)];
			await migrate(one.query);
			const inboxOf = ({ query }: typeof one) =>
				createInbox({
					query,
					queue: { tick: async () => undefined },
					log: quietLog,
					metrics: { conversationCreated: () => undefined },
					tenantId: 't',
					settleMs: 0,
				});
			const web = inboxOf(one);
			const worker = inboxOf(two);
			const faults: unknown[] = [];
			for (let round = 0; round < 4; round++) {
				await web.accept('zendesk', [event(`first${round}`, round)]);
				const { id } = await one.query
					.selectFrom('conversations')
					.select('id')
					.where('external_id', '=', `t${round}`)
					.executeTakeFirstOrThrow();
				const [conversation] = await readConversations(one.query, [id]);
				if (!conversation) throw new Error('not stored');
				const burst = Array.from({ length: 4 }, (_, n) => event(`m${round}-${n}`, round));
				const results = await Promise.allSettled([
					...burst.map(one => web.accept('zendesk', [one])),
					worker.merge(conversation, threadOf(burst)),
					worker.merge(conversation, threadOf(burst)),
				]);
				faults.push(...results.filter(({ status }) => status === 'rejected'));
			}
			await one.close();
			await two.close();
			expect(faults).toEqual([]);
		}));

	it('several processes may start, and migrate, at once', () =>
		withDatabase(async url => {
			const start = async () => {
				const database = await openPostgres(url);
				await migrate(database.query);
				await database.close();
			};
			await expect(Promise.all([start(), start(), start(), start()])).resolves.toHaveLength(4);
		}));
});

type MessageEvent = Extract<ChannelEvent, { kind: 'message' }>;

function event(externalId: string, round: number): MessageEvent {
	return {
		vendorEventId: `event-${externalId}`,
		thread: { externalId: `t${round}`, requesterId: '5' },
		kind: 'message',
		message: { externalId, author: 'customer', authorId: '5', isPublic: true, text: 'Hello?', writtenAt: new Date() },
	};
}

function threadOf(events: MessageEvent[]): Thread {
	return {
		requester: { id: '5', name: 'A', email: null, locale: null, organizationId: null },
		subject: 's',
		status: 'open',
		tags: [],
		stamp: '',
		stampFinalInMs: 0,
		messages: events.map(({ message }) => message),
	};
}
