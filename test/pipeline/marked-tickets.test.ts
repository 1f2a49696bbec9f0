import { existsSync, readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import type { Zendesk } from '../../integrations/zendesk/channel.ts';
import { UnderstudyError } from '../../src/errors.ts';
import { captureLog } from '../captured-log.ts';
import { openTaughtStage, postWebhook, type Stage } from '../stage.ts';

const data = new URL('../../../shared/data/safety/pii5.json', import.meta.url).pathname;

interface Marked {
	lang: string;
	text: string;
	/** `[kind, value]` of what is personal in the text. */
	ents: [string, string][];
	requester: { name: string; email: string };
}

it.skipIf(!existsSync(data))(
	'logs and metrics of a run over marked tickets hold none of the marked values (skipped where ../shared/data is missing)',
	async () => {
		const all = JSON.parse(readFileSync(data, 'utf8')) as Marked[];
		const tickets = all.filter((_, index) => index % 17 === 5);
		const values = tickets.flatMap(({ ents }) => ents);
		expect(new Set(tickets.map(({ lang }) => lang)).size).toBe(5);
		expect(new Set(values.map(([kind]) => kind)).size).toBe(8);

		const texts = new Map<string, string>();
		const { log, lines } = captureLog();
		const stage = await openTaughtStage({
			log,
			firstRetryMs: 10,
			wrapZendesk: zendesk => quoting(zendesk, threadId => texts.get(threadId) ?? ''),
		});
		const write = ({ text, requester }: Marked) => {
			const customer = stage.sandbox.addUser({ ...requester, role: 'end-user' });
			const ticket = stage.sandbox.as(customer.id).createTicket({ subject: text.slice(0, 60), body: text });
			texts.set(String(ticket.id), text);
		};
		// The database quotes the rows that it does not take.
		await sql`alter table messages add constraint full_up check (false) not valid`.execute(stage.query);
		for (const ticket of tickets.slice(0, 10)) write(ticket);
		await stage.sandbox.idle();
		await sql`alter table messages drop constraint full_up`.execute(stage.query);
		// A few at a time: helpdesk and product share one busy process, and each has the patience of a test.
		for (let first = 0; first < tickets.length; first += 6) {
			for (const ticket of tickets.slice(first, first + 6)) write(ticket);
			await stage.settle();
		}
		for (const { text, requester } of tickets.slice(0, 10)) await refuse(stage, text, requester.email);
		const metrics = await (await stage.product.http.request('/metrics')).text();
		await stage.close();

		const messages = new Set(lines.map(line => JSON.parse(line).msg));
		for (const expected of [
			'turn',
			'webhook refused',
			'webhook could not be stored',
			'delivery failed',
			'the thread cannot be read',
		]) {
			expect(messages).toContain(expected);
		}
		const leaks = [...lines, metrics].flatMap(line =>
			values
				.filter(([, value]) => line.includes(value) || line.includes(JSON.stringify(value).slice(1, -1)))
				.map(([kind, value]) => `${kind} ${value}: ${line.slice(0, 1500)}`),
		);
		expect(leaks).toEqual([]);
	},
	120_000,
);

/** A vendor that fails at every other write and every tenth read, and quotes the customer in each of the ways that errors do. */
function quoting(zendesk: Zendesk, textOf: (threadId: string) => string): Zendesk {
	let calls = 0;
	const fail = (threadId: string) => {
		const words = textOf(threadId);
		calls++;
		if (calls % 6 === 1) throw new UnderstudyError('VENDOR_REFUSED', `Zendesk answered 422: ${words}`);
		if (calls % 6 === 3) throw new UnderstudyError('VENDOR_UNCERTAIN', 'no answer', { cause: new Error(words) });
		if (calls % 6 === 5)
			throw Object.assign(new TypeError(`cannot send "${words}"`), { request: { body: words, params: [words] } });
	};
	return {
		...zendesk,
		async readThread(threadId) {
			if (Number(threadId) % 10 === 0) throw new UnderstudyError('VENDOR_REFUSED', `no ticket: ${textOf(threadId)}`);
			return zendesk.readThread(threadId);
		},
		async reply(reply) {
			fail(reply.threadId);
			return zendesk.reply(reply);
		},
		async addNote(note) {
			fail(note.ticketId);
			return zendesk.addNote(note);
		},
		async handOver(handOver) {
			fail(handOver.ticketId);
			return zendesk.handOver(handOver);
		},
	};
}

/** Webhooks that are not to be believed or not to be understood, with somebody's words in them. */
async function refuse(stage: Stage, text: string, email: string): Promise<void> {
	await fetch(stage.webhookUrl, { method: 'POST', body: text, headers: { 'x-request-id': email } });
	await postWebhook(stage, text);
	await postWebhook(stage, { type: text, id: email, time: text, detail: { id: text }, event: {} });
}
