import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../src/assemble.ts';
import { loadPhrases } from '../src/phrases.ts';

const phrases = loadPhrases(join(root, 'locales'));

test('a phrase has its gaps filled as they are given, every time anew', () => {
	const say = phrases('en');
	expect(say('reply.greeting', { name: 'Ana' })).toBe('Hello Ana,');
	expect(say('reply.greeting', { name: '$& {{name}} $t(reply.closing)' })).toBe('Hello $& {{name}} $t(reply.closing),');
	expect(say('reply.greeting_plain')).toBe(say('reply.greeting_plain'));
});

test('the count chooses the plural form, whichever was asked for first', () => {
	const say = phrases('en');
	expect(say('reply.sources', { count: 2, links: 'a · b' })).toBe('Sources: a · b');
	expect(say('reply.sources', { count: 1, links: 'a' })).toBe('Source: a');
	expect(say('reply.sources', { count: 3, links: 'c' })).toBe('Sources: c');
});

test('a key without a phrase shows as itself', () => {
	expect(phrases('de')('no.such', { count: 1 })).toBe('no.such');
});
