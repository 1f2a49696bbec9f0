import { expect, test } from 'vitest';
import { createGenerationCache } from '../src/generation-cache.ts';

test('a cache holds no more than twice its half, and keeps what is asked for', () => {
	const cache = createGenerationCache<number, string>(10);
	let created = 0;
	const get = (key: number) =>
		cache.get(key, () => {
			created++;
			return `${key}`;
		});
	for (let key = 1; key <= 1000; key++) {
		get(0);
		get(key);
		expect(cache.size).toBeLessThanOrEqual(20);
	}
	expect(created).toBe(1001);
});
