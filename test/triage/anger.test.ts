import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Language } from '../../src/language.ts';
import { loadAnger } from '../../src/triage/anger.ts';

const measureAnger = await loadAnger(fileURLToPath(new URL('../../locales', import.meta.url)));

test.each<[Language, string]>([
	['en', 'This is a DISGRACE!!! You are useless and I want my money back'],
	['es', 'Esto es una vergüenza, estoy harta de ustedes'],
	['fr', "C'est inadmissible, j'en ai marre"],
	['de', 'Eine Frechheit, ich bin stinksauer!!'],
	['pt', 'Isto é uma palhaçada, estou farto desta merda'],
])('%s: %s is furious', (language, text) => {
	expect(measureAnger(text, language)).toBeGreaterThanOrEqual(0.6);
});

test.each<[Language, string]>([
	['en', 'Hi, where is my order? Thanks!'],
	['en', "I'm not angry at all, just curious"],
	['es', 'Hola, ¿dónde está mi pedido? Gracias'],
	['fr', 'Bonjour, je ne suis pas fâché, juste curieux'],
	['de', 'Guten Tag, wo ist meine Bestellung? Ich bin nicht sauer.'],
	['pt', 'Bom dia, não estou zangado, só queria saber do pedido'],
	['en', 'My TV with HDMI and USB-C does not show a picture'],
])('%s: %s is calm', (language, text) => {
	expect(measureAnger(text, language)).toBeLessThanOrEqual(0.2);
});

test('capitals and exclamation marks add to the same words', () => {
	const calm = measureAnger('where is my parcel', 'en');
	expect(measureAnger('WHERE IS MY PARCEL!!!!', 'en')).toBeGreaterThan(calm + 0.3);
});

test('a negation does not reach over a comma', () => {
	expect(measureAnger('not good, furious', 'en')).toBeGreaterThan(0.5);
});

test('it stays between 0 and 1 whatever is shouted', () => {
	const rage = measureAnger(
		'FUCKING useless pathetic disgrace!!!! 🤬🤬 appalling, worst company, thieves, livid',
		'en',
	);
	expect(rage).toBeGreaterThan(0.9);
	expect(rage).toBeLessThanOrEqual(1);
	expect(measureAnger('', 'en')).toBe(0);
});
