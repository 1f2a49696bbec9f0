import { expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

async function drain({ api }: Stage, query: string) {
	const ids: number[] = [];
	for (let from = query; ; ) {
		const { json } = await api('GET', `/incremental/tickets/cursor.json?${from}&per_page=2`);
		ids.push(...json.tickets.map((ticket: { id: number }) => ticket.id));
		if (json.end_of_stream) return { ids, cursor: `cursor=${json.after_cursor}` };
		from = `cursor=${json.after_cursor}`;
	}
}

test('the cursor walks every ticket once and then only what changed since', async () => {
	const stage = await openStage();
	const { sandbox, customerId, agentId } = stage;
	for (const body of ['one', 'two', 'three', 'four', 'five']) sandbox.as(customerId).createTicket({ body });
	const first = await drain(stage, 'start_time=0');
	expect(first.ids).toEqual([1, 2, 3, 4, 5]);
	expect((await drain(stage, first.cursor)).ids).toEqual([]);
	sandbox.as(agentId).setStatus(2, 'solved');
	await stage.api('DELETE', '/tickets/4.json');
	expect((await stage.api('GET', '/tickets/4.json')).status).toBe(404);
	const second = await drain(stage, first.cursor);
	expect(second.ids).toEqual([2, 4]);
	expect((await drain(stage, 'start_time=9999999999')).ids).toEqual([]);
});

test('repeats and the missing last minute can be asked for', async () => {
	let nowMs = Date.parse('2026-01-01T00:00:00Z');
	const stage = await openStage({
		now: () => new Date(nowMs),
		incrementalExport: { excludeLastMinute: true, repeatedRecords: 1 },
	});
	for (const body of ['one', 'two', 'three']) stage.sandbox.as(stage.customerId).createTicket({ body });
	const early = await drain(stage, 'start_time=0');
	expect(early.ids).toEqual([]);
	nowMs += 60_000;
	expect((await drain(stage, early.cursor)).ids).toEqual([1, 2, 2, 3]);
});

test('the export is for admins and needs a beginning', async () => {
	const { api, apiAs, agentId } = await openStage();
	expect((await apiAs(agentId)('GET', '/incremental/tickets/cursor.json?start_time=0')).status).toBe(403);
	expect((await api('GET', '/incremental/tickets/cursor.json')).status).toBe(400);
	expect((await api('GET', '/incremental/tickets/cursor.json?cursor=undefined')).status).toBe(400);
});

test('a ticket of the past is exported as it ended, and no webhook hears of it', async () => {
	const { api, sandbox, customerId, agentId } = await openStage();
	sandbox.addWebhook({ endpoint: 'http://127.0.0.1:9/', subscriptions: ['zen:event-type:ticket.created'] });
	const comments = [
		{ authorId: customerId, body: '¿Puedo devolverlo?' },
		{ authorId: agentId, body: 'Sí, en 30 días.' },
	];
	const at = new Date('2025-05-05T10:00:00Z');
	sandbox.addTicket({ requesterId: customerId, subject: 'Devolución', comments, status: 'closed', at });
	const { json } = await api('GET', '/incremental/tickets/cursor.json?start_time=1746400000');
	expect(json.tickets).toMatchObject([{ status: 'closed', updated_at: '2025-05-05T10:00:00Z' }]);
	expect(sandbox.publicComments(1).map(({ author_id }) => author_id)).toEqual([customerId, agentId]);
	expect(sandbox.deliveries()).toEqual([]);
});
