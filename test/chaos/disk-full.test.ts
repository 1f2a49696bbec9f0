import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { migrate } from '../../src/database/database.ts';
import { openPostgres } from '../../src/database/open-postgres.ts';
import type { Logger } from '../../src/log.ts';
import { openPostgresQueue } from '../../src/queue/postgres-queue.ts';
import { openTaughtStage, postWebhook, quietLog, type Stage } from '../stage.ts';
import { findPostgresPrograms, startPostgres } from './private-services.ts';
import { mountSmallDisk } from './small-disk.ts';

const early = 5;
const meanwhile = 60;

// The write-ahead log lies elsewhere, as where somebody has thought of it: PostgreSQL then refuses what needs space and goes
// on. Where the log's own disk is full it ends itself with a PANIC and is not back before there is space: to us a server that
// crashed, as in every chaos run.
it('a disk that is full refuses webhooks and loses nothing that was acknowledged', { timeout: 90_000 }, async ({
	skip,
}) => {
	const programs = await findPostgresPrograms();
	const disk = programs === undefined ? undefined : await mountSmallDisk(64);
	if (!programs || !disk) {
		process.stderr.write(
			'SKIPPED: a full disk needs the programs of PostgreSQL and the right to mount a file system.\n',
		);
		return skip();
	}
	onTestFinished(disk.remove);
	const postgres = await startPostgres(programs, disk.folder);
	onTestFinished(() => postgres.stop());
	const database = await openPostgres(postgres.url);
	const queue = await openPostgresQueue(postgres.url);
	onTestFinished(() => queue.close());
	await migrate(database.query);
	const refusals: unknown[] = [];
	const log: Logger = { ...quietLog, error: (fields, message) => void refusals.push([message, codeOf(fields)]) };
	const stage = await openTaughtStage({
		engines: { database, queue },
		subscriptions: ['zen:event-type:none'],
		log,
		// They are all one customer's.
		policy: { flood: { messages: 1000, minutes: 60 } },
	});
	const { sandbox, customer, product, settle, query } = stage;

	const tickets = Array.from({ length: early + meanwhile }, (_, i) =>
		customer.createTicket({ subject: `Delivery ${i}`, body: 'How long does standard delivery take?' }),
	);
	const statuses: number[] = [];
	for (const [i, { id }] of tickets.entries()) {
		if (i === early) await disk.fill();
		statuses.push((await postWebhook(stage, commentAdded(stage, id))).status);
	}
	// Whatever can be done without space has been done, and what cannot has failed more than once.
	await sleep(1500);
	expect(statuses.slice(0, early)).toEqual(Array(early).fill(200));
	expect(new Set(statuses.slice(early))).toContain(409);
	expect([...new Set(statuses)].toSorted()).toEqual([200, 409]);
	expect(refusals).toContainEqual(['webhook could not be stored', '53100']);
	const acknowledged = tickets.filter((_, i) => statuses[i] === 200).map(({ id }) => String(id));
	const stored = await query.selectFrom('conversations').select('external_id').orderBy('created_at').execute();
	expect(stored.map(row => row.external_id)).toEqual(acknowledged);
	expect((await product.http.request('/health')).status).toBe(200);

	await disk.free();
	for (const { id } of tickets.filter(({ id }) => !acknowledged.includes(String(id)))) {
		expect((await postWebhook(stage, commentAdded(stage, id))).status).toBe(200);
	}
	await settle(60_000);
	const answers = tickets.map(({ id }) => sandbox.publicComments(id).length - 1);
	expect(answers).toEqual(tickets.map(() => 1));
	expect(await product.deadLetters.list()).toEqual([]);
});

function commentAdded({ sandbox }: Stage, ticketId: number) {
	const [comment] = sandbox.publicComments(ticketId);
	const who = String(comment?.author_id);
	return {
		account_id: 1,
		id: `event-${ticketId}`,
		type: 'zen:event-type:ticket.comment_added',
		time: new Date().toISOString(),
		detail: { id: String(ticketId), actor_id: who, requester_id: who, organization_id: null, subject: 'Delivery' },
		event: {
			comment: {
				id: String(comment?.id),
				body: comment?.body,
				is_public: true,
				author: { id: who, is_staff: false, name: 'Ana Prado' },
			},
		},
	};
}

function codeOf(fields: object): unknown {
	return (fields as { err?: { code?: unknown } }).err?.code;
}
