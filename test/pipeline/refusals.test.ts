import { describe, expect, it } from 'vitest';
import { openTaughtStage } from '../stage.ts';

const question = { subject: 'Delivery', body: 'How long does standard delivery take?' };

describe('what the helpdesk refuses for good', () => {
	it('a reply leaves a note in its place', async () => {
		const { sandbox, customer, settle } = await openTaughtStage();
		sandbox.faults.api({ kind: 'status', status: 422, method: 'PUT', times: 1 });
		const { id } = customer.createTicket(question);
		await settle();
		expect(sandbox.publicComments(id)).toHaveLength(1);
		expect(sandbox.internalNotes(id).map(({ body }) => body)).toEqual([
			expect.stringContaining('Standard delivery takes 3 to 5 working days'),
		]);
	});

	it('an approved draft is given up, and the agent told', async () => {
		const { sandbox, customer, agent, settle, query } = await openTaughtStage({ confidence: 0.8 });
		const { id } = customer.createTicket(question);
		await settle();
		sandbox.faults.api({ kind: 'status', status: 422, method: 'PUT', times: 1, path: /tickets\/\d+\.json/ });
		agent.applyMacro(id, 'Send AI draft');
		await settle();
		expect(await query.selectFrom('drafts').select(['state', 'reason']).execute()).toEqual([
			{ state: 'stale', reason: 'refused' },
		]);
		expect(sandbox.internalNotes(id)).toHaveLength(2);
		expect(sandbox.publicComments(id)).toHaveLength(1);
	});

	it('a hand-over to a group that is gone is made without the group', async () => {
		const { sandbox, customer, settle } = await openTaughtStage({
			policy: { handOver: { tags: ['understudy_handed_over'], priority: 'high', groupId: '99999' } },
		});
		const { id } = customer.createTicket({ subject: 'x', body: 'You will hear from my lawyer.' });
		await settle();
		expect(sandbox.internalNotes(id)).toHaveLength(1);
	});
});
