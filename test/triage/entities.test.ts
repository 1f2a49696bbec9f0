import { describe, expect, test } from 'vitest';
import { parseNumber } from '../../src/triage/amounts.ts';
import { findEntities } from '../../src/triage/entities.ts';

const today = new Date('2026-05-20T12:00:00Z');
const entitiesOf = (text: string, locale = 'en', products: string[] = []) =>
	findEntities(text, { locale, today, products });

describe('order numbers', () => {
	test.each([
		['where is #12345?', '12345'],
		['it is NB-123456, thanks', 'NB-123456'],
		['ORD-2024-0001 please', 'ORD-2024-0001'],
		['my order 123456 is late', '123456'],
		['the order number is 887766', '887766'],
		['mi pedido n.º 987654', '987654'],
		['ma commande n° FR-2024-00123', 'FR-2024-00123'],
		['Bestellung Nr. 4711234 fehlt', '4711234'],
		['Bestellnummer: 302-1234567-1234567', '302-1234567-1234567'],
		['a encomenda nº 55512', '55512'],
		['pedido nb-22331', 'NB-22331'],
	])('%s', (text, number) => {
		expect(entitiesOf(text).orderNumbers).toEqual([number]);
	});

	test.each([
		'order 2 shirts',
		'I will order 250 of them in 2025',
		'my order 2025 was the last',
		'call +49 30 1234567 or (555) 123-4567',
		'version 4.2.1 on iOS 17.5.1',
		'ISO-9001 and UTF-16',
		'invoice INV-2024-001',
		'my order from 03/04/2026 cost €123,456.00',
		'RTX-4090',
	])('none in: %s', text => {
		expect(entitiesOf(text).orderNumbers).toEqual([]);
	});
});

describe('amounts', () => {
	test.each([
		['1.234,56', 1234.56],
		['1,234.56', 1234.56],
		['1 234,56', 1234.56],
		["1'234.50", 1234.5],
		['1.234', 1234],
		['1,234', 1234],
		['12,5', 12.5],
		['1.234.567', 1234567],
		['600', 600],
	])('%s is %d', (written, value) => {
		expect(parseNumber(written)).toBe(value);
	});

	test.each([
		['1.234,56 €', 1234.56, 'EUR'],
		['€1,234.56', 1234.56, 'EUR'],
		['1\u202f234,56 €', 1234.56, 'EUR'],
		["CHF 1'234.50", 1234.5, 'CHF'],
		['R$ 1.234,56', 1234.56, 'BRL'],
		['600 dólares', 600, 'USD'],
		['£49.99', 49.99, 'GBP'],
		['50,- €', 50, 'EUR'],
		['2 mil reais', 2000, 'BRL'],
		['99 cents', 0.99, 'EUR'],
		['I paid 50 EUR 2 times', 50, 'EUR'],
		['my iPhone 15 cost $999', 999, 'USD'],
	])('%s', (text, value, currency) => {
		const found = entitiesOf(text).amounts.map(amount => ({ value: amount.value, currency: amount.currency }));
		// Which cent is meant the word does not say.
		expect(found).toEqual([{ value, currency: text.includes('cents') ? undefined : currency }]);
	});

	test.each([
		['I want a refund of 1,200', 1200],
		['me cobraron 49,99', 49.99],
		['Erstattung von 600 bitte', 600],
		['600 pesos', 600],
	])('without a currency: %s', (text, value) => {
		expect(entitiesOf(text).amounts).toEqual([{ value, text: expect.any(String) }]);
	});

	test.each([
		'version 4.2.1',
		'call +49 30 1234567',
		'at 10:30 on 12.05.2026',
		'I paid 200 times more attention',
		'a discount: I was charged 100 % of it',
		'192.168.1.1',
		'2.5 stars',
	])('none in: %s', text => {
		expect(entitiesOf(text).amounts).toEqual([]);
	});
});

describe('dates', () => {
	test.each([
		['el 3 de marzo', 'es', '2026-03-03'],
		['am 12. Mai 2026', 'de', '2026-05-12'],
		['le 4 avril', 'fr', '2026-04-04'],
		['March 3rd', 'en', '2026-03-03'],
		['3rd of March 2025', 'en', '2025-03-03'],
		['1 de março de 2026', 'pt', '2026-03-01'],
		['12/05/2026', 'es', '2026-05-12'],
		['12/05/2026', 'en-US', '2026-12-05'],
		['12/05/2026', 'en-GB', '2026-05-12'],
		['25/12/2025', 'en-US', '2025-12-25'],
		['03.04.26', 'de', '2026-04-03'],
		['2026-02-28', 'en', '2026-02-28'],
		['bestellt am 12.5.', 'de', '2026-05-12'],
		['dia 5/3', 'pt', '2026-03-05'],
	])('%s (%s)', (text, locale, date) => {
		expect(entitiesOf(text, locale).dates).toEqual([date]);
	});

	test('without a year it is the nearest one', () => {
		expect(findEntities('December 28', { locale: 'en', today: new Date('2026-01-10') }).dates).toEqual(['2025-12-28']);
	});

	test.each(['31/02/2026', '5 out of 10', '3/4 of the box', '24/7', '10.10.1', 'a 2 set'])('none in: %s', text => {
		expect(entitiesOf(text).dates).toEqual([]);
	});
});

test('e-mail addresses are found once and in lower case', () => {
	expect(entitiesOf('Ana.P@Mail.test, again ana.p@mail.test').emails).toEqual(['ana.p@mail.test']);
});

test('products are found as whole words whatever the case and accents, the longer name first', () => {
	const products = ['Café Uno', 'Café Uno Pro', 'Uno'];
	expect(entitiesOf('the cafe uno PRO is loud', 'en', products).products).toEqual(['Café Uno Pro']);
	expect(entitiesOf('unopened', 'en', products).products).toEqual([]);
});
