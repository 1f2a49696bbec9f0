import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { languages } from '../../src/language.ts';
import { ConceptLexicon, createConcepts } from '../../src/triage/concepts.ts';
import { tokenize } from '../../src/triage/tokenize.ts';

const find = createConcepts(
	new Map([
		['en', { refund: 'refund*, money back', login: 'log in', verification: '2fa', error: '404' }],
		['de', { address: '*adresse*, straße' }],
	]),
);
const conceptsOf = (text: string, language: string) => find(tokenize(text), language);

test('words, beginnings, phrases and compounds are found in order', () => {
	expect(conceptsOf('Log in, then my MONEY back, refunded!', 'en')).toEqual(['login', 'refund', 'refund']);
	expect(conceptsOf('Lieferadressen und Strasse', 'de')).toEqual(['address', 'address']);
});

test('half a phrase, a word inside another and another language are nothing', () => {
	expect(conceptsOf('money, log, unrefundable', 'en')).toEqual([]);
	expect(conceptsOf('refund', 'de')).toEqual([]);
	expect(conceptsOf('refund', 'it')).toEqual([]);
});

test('a number in the lexicon does not stand for every number', () => {
	expect(conceptsOf('500 and 2fa', 'en')).toEqual(['verification']);
});

test('every language has the same concepts', async () => {
	const names = await Promise.all(
		languages.map(async language => {
			const source = await readFile(new URL(`../../locales/${language}/concepts.yaml`, import.meta.url), 'utf8');
			return Object.keys(ConceptLexicon.parse(parse(source)));
		}),
	);
	for (const ofLanguage of names) expect(ofLanguage).toEqual(names[0]);
});
