import { expect, it } from 'vitest';
import { captureLog } from '../captured-log.ts';
import { openTaughtStage } from '../stage.ts';

it('logs of a run hold nothing of what a customer wrote, however the run went', async () => {
	const { log, lines } = captureLog();
	const stage = await openTaughtStage({ log });
	stage.sandbox.faults.api({ kind: 'status', status: 500, method: 'PUT', times: 1 });
	stage.sandbox.faults.api({ kind: 'drop', method: 'GET', times: 1 });
	const secrets = ['ana@example.com', '+44 7911 123456', 'GB82WEST12345698765432', 'purple wombat'];
	const { id } = stage.customer.createTicket({
		subject: 'Delivery for the purple wombat',
		body: `How long does standard delivery take? I am Ana Prado, ${secrets.join(', ')}.`,
	});
	await stage.settle();
	await fetch(stage.webhookUrl, { method: 'POST', body: JSON.stringify({ text: secrets.join(' ') }) });
	await stage.close();
	expect(stage.sandbox.publicComments(id).length).toBeGreaterThan(1);
	expect(lines.length).toBeGreaterThan(3);
	for (const secret of [...secrets, 'Ana Prado', stage.webhookSecret]) expect(lines.join('')).not.toContain(secret);
});
