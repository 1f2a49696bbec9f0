import { expect, it } from 'vitest';
import { openTaughtStage } from '../stage.ts';

it('a sender who writes without end is answered, then only shown to agents, then left to them', async () => {
	const stage = await openTaughtStage({ policy: { flood: { messages: 2, minutes: 60 } } });
	const { sandbox, customer, settle } = stage;
	const ask = async (person: typeof customer) => {
		const { id } = person.createTicket({ subject: 'Delivery', body: 'How long does standard delivery take?' });
		await settle();
		return id;
	};
	const ids: number[] = [];
	for (let n = 0; n < 5; n++) ids.push(await ask(customer));
	const seen = ids.map(id => [sandbox.publicComments(id).length - 1, sandbox.internalNotes(id).length]);
	expect(seen).toEqual([
		[1, 0],
		[1, 0],
		[0, 1],
		[0, 1],
		[0, 0],
	]);
	expect(sandbox.ticket(ids[2] as number).tags).toContain('understudy_flood');
	// Nobody else is held back by it.
	const other = sandbox.as(sandbox.addUser({ name: 'Ida Berg', email: 'ida@example.com', role: 'end-user' }).id);
	expect(sandbox.publicComments(await ask(other))).toHaveLength(2);
});
