import { describe, expect, it } from 'vitest';
import { contradicts } from '../../src/knowledge/contradiction.ts';

describe('two texts', () => {
	it('contradict each other where they give different figures for the same thing', () => {
		const one = 'The refund reaches your card within 5 working days after the return.';
		const other = 'Your refund reaches the card within 14 working days after the return arrives.';
		expect(contradicts(one, other, 'en')).toBe(true);
		expect(contradicts(one, one, 'en')).toBe(false);
	});

	it('do not where they speak of different things', () => {
		const other = 'The kettle holds 0.9 litres and boils in 4 minutes.';
		expect(contradicts('The refund reaches your card within 5 working days.', other, 'en')).toBe(false);
	});
});
