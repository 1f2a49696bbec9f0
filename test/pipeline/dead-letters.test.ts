import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSweep } from '../../jobs/sweep.ts';
import { UnderstudyError } from '../../src/errors.ts';
import { openStage, openTaughtStage, quietLog } from '../stage.ts';

const poison = new TypeError('cannot read “ana@example.com” of undefined');

describe('work that keeps failing for a reason of its own', () => {
	it('is given up after a while, seen by a person without personal data, and done when they retry', async () => {
		const stage = await openStage();
		const { deadLetters } = stage.product;
		const conversationId = randomUUID();
		for (let run = 0; run < 2; run++) await deadLetters.record('respond', { conversationId }, poison);
		expect(await deadLetters.list()).toEqual([]);
		await deadLetters.record('respond', { conversationId }, poison);
		const [letter, ...others] = await deadLetters.list();
		expect(others).toEqual([]);
		expect(letter).toMatchObject({ stage: 'respond', about: conversationId, failures: 3 });
		expect(letter?.error).toContain('TypeError');
		expect(letter?.error).not.toContain('ana@example.com');
		expect(await deadLetters.retry(randomUUID())).toBe(0);
		expect(await deadLetters.retry(letter?.id)).toBe(1);
		expect(await deadLetters.list()).toEqual([]);
	});

	it('is not ticked by the sweeper while it is dead, until something new comes', async () => {
		const stage = await openStage({ sweepEveryMs: 60_000, settleMs: 60_000 });
		const { id } = stage.customer.createTicket({ subject: 'Delivery', body: 'How long does delivery take?' });
		await stage.sandbox.idle();
		const { id: conversationId } = await stage.query
			.selectFrom('conversations')
			.select('id')
			.where('external_id', '=', String(id))
			.executeTakeFirstOrThrow();
		const ticked: string[] = [];
		const queue = {
			tick: async () => undefined,
			backlog: async () => 0,
			tickAll: async (stageName: string, payloads: readonly unknown[]) => {
				if (payloads.length) ticked.push(stageName);
			},
		};
		const sweep = createSweep({ query: stage.query, queue, log: quietLog, graceMs: 0 });
		await sweep.run({});
		expect(ticked).toEqual(['respond']);
		for (let run = 0; run < 3; run++) {
			await stage.product.deadLetters.record('respond', { conversationId }, poison);
		}
		await sweep.run({});
		expect(ticked).toEqual(['respond']);
		// What comes after that is work of its own.
		stage.customer.comment(id, 'And express delivery?');
		await stage.sandbox.idle();
		await sweep.run({});
		expect(ticked).toEqual(['respond', 'respond']);
	});

	it('an outage is nobody’s fault: however long, nothing is given up', async () => {
		const stage = await openStage();
		const { deadLetters } = stage.product;
		const outages = [
			new UnderstudyError('VENDOR_BUSY', 'not now'),
			Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
			Object.assign(new Error('terminating connection'), { code: '57P01' }),
			Object.assign(new Error('could not extend file: no space left on device'), { code: '53100' }),
			new Error('wrapped', { cause: new Error('Connection terminated unexpectedly') }),
		];
		const conversationId = randomUUID();
		for (const outage of outages.flatMap(one => [one, one, one])) {
			await deadLetters.record('respond', { conversationId }, outage);
		}
		expect(await deadLetters.list()).toEqual([]);
		expect(await stage.query.selectFrom('dead_letters').selectAll().execute()).toEqual([]);
	});
});

it('a reply that fails every time is given up, told to the agents, and sent when it is retried', async () => {
	let isBroken = true;
	const stage = await openTaughtStage({
		firstRetryMs: 2,
		wrapZendesk: zendesk => ({
			...zendesk,
			reply: async reply => {
				if (isBroken) throw new TypeError('a fault of our own');
				return zendesk.reply(reply);
			},
		}),
	});
	const { customer, sandbox, product, settle } = stage;
	const { id } = customer.createTicket({ subject: 'Delivery', body: 'How long does standard delivery take?' });
	await expect.poll(() => product.deadLetters.list(), { timeout: 15_000 }).toHaveLength(1);
	await settle();
	expect(sandbox.publicComments(id)).toHaveLength(1);
	expect(sandbox.internalNotes(id)).toHaveLength(1);
	isBroken = false;
	expect(await product.deadLetters.retry()).toBe(1);
	await settle();
	expect(sandbox.publicComments(id)).toHaveLength(2);
	expect(await product.deadLetters.list()).toEqual([]);
});
