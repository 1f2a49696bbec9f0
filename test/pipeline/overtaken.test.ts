import { describe, expect, it } from 'vitest';
import { UnderstudyError } from '../../src/errors.ts';
import { openTaughtStage, postWebhook, type Stage, triggerBody } from '../stage.ts';

const question = { subject: 'Delivery', body: 'How long does standard delivery take?' };
const bodies = (sandbox: Stage['sandbox'], id: number) => sandbox.publicComments(id).map(({ body }) => body);

describe('a ticket that was answered by an agent and handed back before the assistant has looked', () => {
	it('is not answered a second time', async () => {
		const { sandbox, customer, agent, settle } = await openTaughtStage({ settleMs: 1500 });
		const { id } = customer.createTicket(question);
		agent.comment(id, 'Three days, as a rule.');
		agent.applyMacro(id, 'Hand back to the assistant');
		await settle();
		expect(bodies(sandbox, id)).toEqual([question.body, 'Three days, as a rule.']);
	});

	it('gets an answer to what is asked after that', async () => {
		const { sandbox, customer, agent, settle } = await openTaughtStage({ settleMs: 1500 });
		const { id } = customer.createTicket(question);
		agent.comment(id, 'Three days, as a rule.');
		agent.applyMacro(id, 'Hand back to the assistant');
		await sandbox.idle();
		customer.comment(id, 'Thank you. And how long does express delivery take?');
		await settle();
		expect(bodies(sandbox, id).at(-1)).toContain('Express delivery takes');
	});
});

it('a question whose draft was dropped because the ticket got another requester is drafted anew', async () => {
	const stage = await openTaughtStage({
		confidence: 0.8,
		wrapZendesk: zendesk => {
			let isMoved = false;
			return {
				...zendesk,
				async addNote(note) {
					if (isMoved) return zendesk.addNote(note);
					isMoved = true;
					stage.sandbox.ticket(Number(note.ticketId)).requester_id = other;
					throw new UnderstudyError('VENDOR_CONFLICT', 'changed since');
				},
			};
		},
	});
	const other = stage.sandbox.addUser({ name: 'Ute', email: 'ute@example.com', role: 'end-user' }).id;
	const { id } = stage.customer.createTicket(question);
	await stage.settle();
	expect(stage.sandbox.internalNotes(id)).toHaveLength(1);
});

it('a change that the vendor refuses to show for a while is looked into when it does', async () => {
	let refusals = 3;
	const stage = await openTaughtStage({
		subscriptions: ['zen:event-type:none'],
		wrapZendesk: zendesk => ({
			...zendesk,
			async readThread(threadId) {
				if (refusals-- > 0) throw new UnderstudyError('VENDOR_REFUSED', 'Zendesk answered 403');
				return zendesk.readThread(threadId);
			},
		}),
	});
	const ticket = stage.customer.createTicket(question);
	await postWebhook(stage, triggerBody(ticket));
	await stage.settle();
	expect(refusals).toBeLessThan(0);
	expect(bodies(stage.sandbox, ticket.id)).toHaveLength(2);
});

it('nothing is said while the ticket changes every second', async () => {
	let reads = 0;
	let readsAtReply = 0;
	const { sandbox, customer, settle } = await openTaughtStage({
		firstRetryMs: 10,
		wrapZendesk: zendesk => ({
			...zendesk,
			async readThread(threadId) {
				const thread = await zendesk.readThread(threadId);
				return { ...thread, stampFinalInMs: ++reads <= 8 ? 1 : 0 };
			},
			reply(reply) {
				readsAtReply = reads;
				return zendesk.reply(reply);
			},
		}),
	});
	const { id } = customer.createTicket(question);
	await settle();
	expect(bodies(sandbox, id)).toHaveLength(2);
	expect(readsAtReply).toBeGreaterThan(8);
});
