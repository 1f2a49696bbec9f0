import { expect, test } from 'vitest';
import { readable } from '../../src/triage/readable.ts';
import { stripMessage } from '../../src/triage/strip.ts';

test('what a person writes is read as it is', () => {
	const text = 'Dear team,\n\nwhere is NB-204817? See https://shop.example/orders/204817?lang=en.\n\nAna';
	expect(readable(text)).toBe(text);
});

test('a pasted file is read to its beginning only', () => {
	expect(readable('x'.repeat(60_000)).length).toBeLessThan(200);
	expect(readable('word '.repeat(20_000)).length).toBe(8000);
});

test.each(['a', '1', '.', '<', '(', '@', 'a@', '1 ', '> ', '\n'])(
	'60,000 characters of %j are stripped at once',
	shape => {
		const started = performance.now();
		stripMessage(shape.repeat(60_000));
		expect(performance.now() - started).toBeLessThan(500);
	},
);
