import { expect, test } from 'vitest';
import { understudyMacros } from '../../../src/demo/zendesk/understudy-macros.ts';
import { openStage } from './stage.ts';

test('the draft macros add their tag when an agent applies them, and showing them changes nothing', async () => {
	const { api, sandbox, customerId, agentId } = await openStage({ seed: { macros: understudyMacros } });
	const { id } = sandbox.as(customerId).createTicket({ body: 'Hello', tags: ['es'] });
	const { json } = await api('GET', '/macros.json');
	const macros: { id: number; title: string }[] = json.macros;
	expect(macros.map(({ title }) => title)).toContain('Reject AI draft: missing knowledge');
	const send = macros.find(({ title }) => title === 'Send AI draft');

	const shown = await api('GET', `/tickets/${id}/macros/${send?.id}/apply.json`);
	expect(shown.json.result.ticket).toMatchObject({ id, tags: ['es', 'understudy_send'] });
	expect(sandbox.ticket(id).tags).toEqual(['es']);

	sandbox.as(agentId).applyMacro(id, 'Send AI draft');
	expect(sandbox.ticket(id).tags).toEqual(['es', 'understudy_send']);
	expect(sandbox.audits(id).at(-1)).toMatchObject({ author_id: agentId, via: { channel: 'web' } });
});

test('a macro can set status, comment, fields and take tags away', async () => {
	const { api, sandbox, customerId, agentId } = await openStage();
	const field = sandbox.addTicketField({ title: 'Reason' });
	const { json } = await api('POST', '/macros.json', {
		macro: {
			title: 'Solve',
			actions: [
				{ field: 'status', value: 'solved' },
				{ field: 'remove_tags', value: 'waiting' },
				{ field: 'comment_value', value: 'Done!' },
				{ field: 'comment_mode_is_public', value: 'false' },
				{ field: `custom_fields_${field.id}`, value: 'fixed' },
			],
		},
	});
	const { id } = sandbox.as(customerId).createTicket({ body: 'Hello', tags: ['waiting'] });
	sandbox.as(agentId).applyMacro(id, json.macro.id);
	expect(sandbox.ticket(id)).toMatchObject({
		status: 'solved',
		tags: [],
		custom_fields: [{ id: field.id, value: 'fixed' }],
	});
	expect(sandbox.internalNotes(id)).toMatchObject([{ body: 'Done!' }]);
});
