import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { evaluateRedaction } from '../../src/safety/evaluate-redaction.ts';

describe('evaluateRedaction', () => {
	test('counts what is hidden, what leaks and which decoys are damaged', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'redaction-'));
		onTestFinished(() => rm(folder, { recursive: true }));
		const path = join(folder, 'tickets.json');
		const tickets = [
			{
				lang: 'en',
				text: 'Mail a@x.example for order 123456.',
				ents: [['E', 'a@x.example']],
				decoys: ['123456'],
				requester: {},
			},
			{
				lang: 'en',
				text: 'Ann was here, paid to b@x.example',
				ents: [['P', 'Ann']],
				decoys: ['b@x.example'],
				requester: { name: 'Ann' },
			},
		];
		await writeFile(path, JSON.stringify(tickets));
		expect(await evaluateRedaction(path)).toMatchObject({
			tickets: 2,
			recall: { email: 100, name: 100 },
			decoysDamaged: 50,
		});
		const unknown = await evaluateRedaction(path, { isRequesterKnown: false });
		expect(unknown.recall).toEqual({ email: 100, name: 0 });
		expect(unknown.missed).toMatchObject([{ kind: 'name', value: 'Ann' }]);
	});
});

const data = new URL('../../../shared/data/safety/pii5.json', import.meta.url).pathname;

test.skipIf(!existsSync(data))(
	'on marked tickets in five languages (skipped where ../shared/data is missing)',
	async () => {
		const { recall, decoysDamaged } = await evaluateRedaction(data, { isRequesterKnown: false });
		for (const kind of ['email', 'card', 'iban', 'phone', 'nationalId'])
			expect([kind, (recall[kind] ?? 0) >= 98]).toEqual([kind, true]);
		expect(decoysDamaged).toBeLessThanOrEqual(5);
	},
);
