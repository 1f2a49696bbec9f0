import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
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

	it('that is not there is named', () => {
		expect(() => readPolicy(join(directory, 'none.yaml'))).toThrow(/none\.yaml cannot be read/);
	});
});
