import { expect, test } from 'vitest';
import { createStemNumbers } from '../../src/knowledge/stem-numbers.ts';

test('a stem keeps its number while a passage has it, and gives it on afterwards', () => {
	const numbers = createStemNumbers();
	const first = numbers.hold(['refund', 'card', 'refund']);
	const second = numbers.hold(['card', 'parcel']);
	expect(first[0]).toBe(first[2]);
	expect(second[0]).toBe(first[1]);
	numbers.release(first);
	expect(numbers.numberOf('refund')).toBeUndefined();
	expect(numbers.numberOf('card')).toBe(second[0]);
	expect(numbers.hold(['password'])[0]).toBe(first[0]);
});
