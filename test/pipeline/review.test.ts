import { describe, expect, it } from 'vitest';
import { openTaughtStage, type Stage } from '../stage.ts';

const openWithDraft = async () => {
	const stage = await openTaughtStage({ confidence: 0.8 });
	const { id } = stage.customer.createTicket({ subject: 'Delivery', body: 'How long does standard delivery take?' });
	await stage.settle();
	return { ...stage, id };
};

const outcomes = (query: Stage['query']) =>
	query.selectFrom('outcomes').select(['kind', 'detail']).orderBy('created_at').execute();

describe('a draft', () => {
	it('is sent as the agent who approved it, once, and its tag is taken off', async () => {
		const { sandbox, agent, agentId, settle, id, query } = await openWithDraft();
		agent.applyMacro(id, 'Send AI draft');
		await settle();
		const [, reply, ...more] = sandbox.publicComments(id);
		expect(more).toEqual([]);
		expect(reply?.author_id).toBe(agentId);
		expect(reply?.body).toContain('3 to 5 working days');
		expect(sandbox.ticket(id).tags).not.toContain('understudy_send');
		expect(await outcomes(query)).toEqual([{ kind: 'approved', detail: { agent: String(agentId) } }]);
	});

	it('approved by two agents at once is sent once', async () => {
		const { sandbox, agent, settle, id } = await openWithDraft();
		const other = sandbox.as(sandbox.addUser({ name: 'Omar Said', email: 'omar@shop.example', role: 'agent' }).id);
		agent.applyMacro(id, 'Send AI draft');
		other.removeTags(id, 'understudy_send');
		other.applyMacro(id, 'Send AI draft');
		await settle();
		expect(sandbox.publicComments(id)).toHaveLength(2);
	});

	it('rejected leaves the reason as its outcome and nothing in public', async () => {
		const { sandbox, agent, settle, id, query } = await openWithDraft();
		agent.applyMacro(id, 'Reject AI draft: wrong tone');
		await settle();
		expect(sandbox.publicComments(id)).toHaveLength(1);
		expect(sandbox.ticket(id).tags).not.toContain('understudy_reject_wrong_tone');
		expect(await outcomes(query)).toMatchObject([{ kind: 'rejected', detail: { reason: 'wrong_tone' } }]);
	});

	it('that the agent changes and sends themselves is recognised, with the difference', async () => {
		const { agent, settle, id, query } = await openWithDraft();
		const { text } = await query.selectFrom('drafts').select('text').executeTakeFirstOrThrow();
		agent.comment(id, text.replace('3 to 5 working days', '4 to 6 working days'));
		await settle();
		expect(await outcomes(query)).toMatchObject([
			{ kind: 'edited', detail: { removed: ['3', '5'], added: ['4', '6'] } },
		]);
	});

	it('is nothing to do with an agent’s answer of their own', async () => {
		const { agent, settle, id, query } = await openWithDraft();
		agent.comment(id, 'I have called you, please see my mail about the lost pallet.');
		await settle();
		expect(await outcomes(query)).toMatchObject([{ kind: 'replaced' }]);
	});

	it('is stale once the customer writes again, and pressing “send” sends the newer one only', async () => {
		const { sandbox, customer, agent, settle, id, query } = await openWithDraft();
		customer.comment(id, 'I meant express, express delivery: how long does express delivery take?');
		await settle();
		agent.applyMacro(id, 'Send AI draft');
		await settle();
		const replies = sandbox.publicComments(id).slice(2);
		expect(replies).toHaveLength(1);
		expect(replies[0]?.body).toContain('Express delivery');
		const states = await query.selectFrom('drafts').select('state').orderBy('created_at').execute();
		expect(states.map(({ state }) => state)).toEqual(['stale', 'sent']);
	});

	it('approved while a newer comment is on its way is not sent', async () => {
		const { sandbox, customer, agent, settle, id, query } = await openWithDraft();
		// Zendesk has the comment, its webhook never comes: only reading the ticket before speaking can tell.
		sandbox.faults.webhook({ kind: 'drop', type: 'comment_added' });
		customer.comment(id, 'Never mind delivery, the box is broken!');
		agent.applyMacro(id, 'Send AI draft');
		await settle();
		expect(sandbox.publicComments(id)).toHaveLength(2);
		const drafts = await query.selectFrom('drafts').select(['state', 'reason']).orderBy('created_at').execute();
		expect(drafts[0]).toEqual({ state: 'stale', reason: 'newer_message' });
		const turns = await query.selectFrom('turns').select('triage').orderBy('created_at').execute();
		expect(JSON.stringify(turns[1])).toMatch(/How long does standard.*the box is broken/);
	});
});
