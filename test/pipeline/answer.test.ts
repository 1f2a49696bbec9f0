import { describe, expect, it } from 'vitest';
import { openTaughtStage } from '../stage.ts';

const question = { subject: 'Delivery', body: 'How long does standard delivery take?' };

describe('a customer’s message', () => {
	it('is answered alone, with the source cited, when the knowledge has the answer; the ticket stays open', async () => {
		const { sandbox, customer, settle } = await openTaughtStage();
		const { id } = customer.createTicket(question);
		await settle();
		const [, reply, ...more] = sandbox.publicComments(id);
		expect(more).toEqual([]);
		expect(reply?.body).toContain('Standard delivery takes 3 to 5 working days.');
		expect(reply?.body).toContain('https://help.example/shipping');
		expect(reply?.author_id).toBe(sandbox.botId);
		expect(sandbox.ticket(id).status).not.toBe('solved');
		expect(sandbox.ticket(id).tags).toContain('understudy_answered');
	});

	it('becomes a draft in an internal note when the confidence is not enough, and nothing is said in public', async () => {
		const { sandbox, customer, settle } = await openTaughtStage({ confidence: 0.8 });
		const { id } = customer.createTicket(question);
		await settle();
		expect(sandbox.publicComments(id)).toHaveLength(1);
		expect(sandbox.internalNotes(id).map(({ body }) => body)).toEqual([
			expect.stringContaining('Standard delivery takes 3 to 5 working days.'),
		]);
	});

	it('gets a note that says so, and no reply, when the knowledge has nothing', async () => {
		const { sandbox, customer, settle } = await openTaughtStage();
		const { id } = customer.createTicket({ subject: 'Zebra', body: 'Xylophone quartz zebra?' });
		await settle();
		expect(sandbox.publicComments(id)).toHaveLength(1);
		expect(sandbox.internalNotes(id)[0]?.body).toContain('No answer found');
	});

	it('goes to a person with the story told, and the customer hears that, when a lawyer is named', async () => {
		const { sandbox, customer, settle } = await openTaughtStage();
		const { id } = customer.createTicket({ subject: 'My order', body: 'You will hear from my lawyer.' });
		await settle();
		expect(sandbox.internalNotes(id)[0]?.body).toContain('Handed over to you');
		expect(sandbox.publicComments(id)[1]?.body).toContain('A colleague has taken over');
		expect(sandbox.ticket(id).priority).toBe('high');

		customer.comment(id, 'How long does standard delivery take?');
		await settle();
		expect(sandbox.publicComments(id)).toHaveLength(3);
	});

	it('is one turn with what the customer types right after it', async () => {
		const { sandbox, customer, settle, query } = await openTaughtStage({ settleMs: 400 });
		const { id } = customer.createTicket({ subject: 'Hi', body: 'Hello, a question about delivery' });
		customer.comment(id, 'How long does standard delivery take?');
		await settle();
		expect(sandbox.publicComments(id)).toHaveLength(3);
		const turns = await query.selectFrom('turns').select('triage').execute();
		expect(turns).toHaveLength(1);
		expect(JSON.stringify(turns)).toMatch(/a question about delivery.*How long does standard/);
	});

	it('of the assistant’s own making starts nothing', async () => {
		const { customer, settle, query, sandbox } = await openTaughtStage();
		const { id } = customer.createTicket(question);
		await settle();
		sandbox.as(sandbox.botId).comment(id, 'How long does express delivery take?');
		await settle();
		expect(await query.selectFrom('turns').select('id').execute()).toHaveLength(1);
		expect(sandbox.publicComments(id)).toHaveLength(3);
	});

	it('in a private note starts nothing', async () => {
		const { customer, agent, settle, query, sandbox } = await openTaughtStage();
		const { id } = customer.createTicket(question);
		await settle();
		agent.note(id, 'How long does express delivery take?');
		await settle();
		expect(await query.selectFrom('turns').select('id').execute()).toHaveLength(1);
		expect(sandbox.publicComments(id)).toHaveLength(2);
	});
});

describe('once an agent has spoken', () => {
	it('the assistant is silent, until the conversation is handed back', async () => {
		const { sandbox, customer, agent, settle } = await openTaughtStage();
		const { id } = customer.createTicket(question);
		await settle();
		agent.comment(id, 'Let me take this one.');
		customer.comment(id, 'And how long does express delivery take?');
		await settle();
		expect(sandbox.publicComments(id)).toHaveLength(4);

		agent.applyMacro(id, 'Hand back to the assistant');
		await settle();
		expect(sandbox.publicComments(id)[4]?.body).toContain('Express delivery takes 1 to 2 working days.');
		expect(sandbox.ticket(id).tags).not.toContain('understudy_hand_back');
	});

	it('a reply that waits in the outbox is not sent', async () => {
		const { sandbox, customer, agent, settle, query } = await openTaughtStage();
		const disarm = sandbox.faults.api({ kind: 'status', status: 429, retryAfterSeconds: 1, method: 'PUT', times: 1 });
		const { id } = customer.createTicket(question);
		while (sandbox.faults.struck() === 0) await new Promise(resolve => setTimeout(resolve, 10));
		agent.comment(id, 'I am on it.');
		await settle();
		disarm();
		expect(sandbox.publicComments(id).map(({ body }) => body)).toEqual([question.body, 'I am on it.']);
		const states = await query.selectFrom('deliveries').select(['state', 'error']).execute();
		expect(states).toEqual([{ state: 'stale', error: 'person_joined' }]);
	});
});
