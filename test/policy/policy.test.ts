import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { root } from '../../src/assemble.ts';
import { readPolicy } from '../../src/policy/policy.ts';

const directory = mkdtempSync(join(tmpdir(), 'policy-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe('a policy file', () => {
	it('with faults is refused, every fault named', () => {
		const file = join(directory, 'policy.yaml');
		writeFileSync(file, 'refundLimit: lots\nrollout: 200\nintents: {}\ntypo: 1\n');
		expect(() => readPolicy(file)).toThrow(/refundLimit[\s\S]*rollout|rollout[\s\S]*refundLimit/);
		expect(() => readPolicy(file)).toThrow(/typo/);
	});

	it('keeps for ever what it names no period for, and refuses one that is too short, with the reason', () => {
		const file = join(directory, 'periods.yaml');
		const write = (retention: object | undefined) => {
			const shipped = parse(readFileSync(join(root, 'manifests/policy.yaml'), 'utf8'));
			const { expireAfter: _, ...harvest } = shipped.harvest;
			writeFileSync(file, stringify({ ...shipped, harvest, retention }));
		};
		write(undefined);
		expect(readPolicy(file)).toMatchObject({
			harvest: { expireAfter: null },
			retention: {
				conversations: null,
				events: null,
				candidates: null,
				articles: null,
				deadLetters: null,
				audit: null,
			},
		});
		write({ conversations: 90 });
		expect(readPolicy(file).retention).toMatchObject({ conversations: 90, events: null });
		write({ conversations: 7, events: 1, audit: 45.5, emails: 3 });
		expect(() => readPolicy(file)).toThrow(/must be at least 30 days: Zendesk closes[\s\S]*retention\.conversations/);
		expect(() => readPolicy(file)).toThrow(/must be at least 7 days: a webhook[\s\S]*retention\.events/);
		expect(() => readPolicy(file)).toThrow(/"emails"[\s\S]*must be whole days[\s\S]*retention\.audit/);
	});

	it('that is not there is named', () => {
		expect(() => readPolicy(join(directory, 'none.yaml'))).toThrow(/none\.yaml cannot be read/);
	});
});
