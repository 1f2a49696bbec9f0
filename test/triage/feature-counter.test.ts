import { expect, test } from 'vitest';
import { createFeatureCounter } from '../../src/triage/feature-counter.ts';

test('features are counted once a group, in order, however many there are', () => {
	const counter = createFeatureCounter();
	// Multiples of a power of two meet in the same places of the table.
	const many = Array.from({ length: 9000 }, (_, i) => (i * 4096) & 0x7fffffff);
	for (let round = 0; round < 2; round++) {
		counter.add(7);
		counter.add(5);
		counter.add(7);
		counter.endGroup();
		for (const hash of [...many, ...many, 7]) counter.add(hash);
		counter.endGroup();
		const { hashes, counts, groupEnds } = counter.take();
		expect(groupEnds).toEqual([2, 9003]);
		expect([...hashes]).toEqual([7, 5, ...many, 7]);
		expect([...counts]).toEqual([2, 1, ...many.map(() => 2), 1]);
	}
});
