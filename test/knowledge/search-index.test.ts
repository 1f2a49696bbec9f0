import { describe, expect, test } from 'vitest';
import { chunkArticle } from '../../src/knowledge/chunk.ts';
import { article, indexOf } from './fixtures.ts';

const refunds = article({
	id: 'refunds',
	title: 'Refunds',
	category: 'returns',
	body: 'A refund reaches your bank account within five working days.',
});
const shipping = article({
	id: 'shipping',
	title: 'Shipping',
	category: 'shipping',
	body: 'We ship parcels to Europe within three working days.',
});
const password = article({
	id: 'password',
	title: 'Password',
	body: 'Reset a forgotten password from the sign-in page.',
});
const secret = article({
	id: 'secret',
	title: 'Refunds for Acme',
	audience: 'organization:acme',
	body: 'Acme refunds are paid to the Acme account in one day.',
});
const ask = (query: string) => ({ query, language: 'en', audiences: ['public'], limit: 5 }) as const;
const ids = (found: { passage: { articleId: string } }[]) => found.map(({ passage }) => passage.articleId);

describe('search', () => {
	test('the passage that answers comes first, with its signals', () => {
		const [best, second] = indexOf(refunds, shipping, password).search(
			ask('Hello, when will the refunds arrive in my bank account? Thanks!'),
		);
		expect(best?.passage.id).toBe('refunds#1');
		expect(best).toMatchObject({ agreement: true, crossLanguage: false });
		expect(best?.coverage).toBeGreaterThan(0.5);
		expect(best?.score).toBeLessThanOrEqual(1);
		expect(best?.signals.margin).toBeCloseTo((best?.score ?? 0) - (second?.score ?? 0));
		expect(best?.signals.matchedTerms).toBeGreaterThanOrEqual(3);
	});

	test('another organisation’s article is neither found nor what others are measured by', () => {
		const index = indexOf(refunds, shipping, secret);
		const alone = indexOf(refunds, shipping).search(ask('Acme refunds one day'));
		const found = index.search(ask('Acme refunds one day'));
		expect(ids(found)).not.toContain('secret');
		expect(found[0]?.score).toBeCloseTo(alone[0]?.score ?? 0, 1);
		expect(ids(index.search({ ...ask('Acme refunds one day'), audiences: ['public', 'organization:acme'] }))[0]).toBe(
			'secret',
		);
		expect(
			ids(index.search({ ...ask('Acme refunds one day'), audiences: ['public', 'organization:other'] })),
		).not.toContain('secret');
	});

	test('categories narrow the search to themselves and to articles without one', () => {
		const index = indexOf(refunds, shipping, password);
		expect(ids(index.search({ ...ask('refund working days password'), categories: ['shipping'] })).sort()).toEqual([
			'password',
			'shipping',
		]);
		expect(ids(index.search({ ...ask('refund working days password'), categories: null }))).toContain('refunds');
	});

	test('the category a question is likely about lifts its passages, and no others are shut out', () => {
		const club = article({ id: 'club', title: 'Cancel', category: 'plan', body: 'Cancel the club at any time.' });
		const order = article({
			id: 'order',
			title: 'Cancel',
			category: 'orders',
			body: 'Cancel an order at any time before we pack it.',
		});
		const index = indexOf(club, order);
		const first = (preferred: string[]) =>
			index.search({ ...ask('cancel at any time'), preferred })[0]?.passage.articleId;
		expect([first(['plan']), first(['orders'])]).toEqual(['club', 'order']);
		expect(ids(index.search({ ...ask('cancel at any time'), preferred: ['orders'] }))).toEqual(['order', 'club']);
		expect(index.search({ ...ask('cancel at any time'), preferred: ['orders'] })[0]?.score).toBeLessThanOrEqual(1);
	});

	test.each([
		['en', 'Can I get my money back?', 'Refunds are paid to your card.', 'We ship from Leeds.'],
		['es', '¿Cómo me doy de baja?', 'Para cancelar, abra su cuenta.', 'Enviamos desde Vigo.'],
		['fr', 'Je veux récupérer mon argent', 'Le remboursement est versé sur la carte.', 'Nous expédions de Lyon.'],
		['de', 'Was kostet das Porto?', 'Die Versandkosten betragen 4 €.', 'Das Passwort ändern Sie hier.'],
		['pt', 'Ainda não chegou', 'Em caso de atraso, avise-nos.', 'A senha muda-se aqui.'],
	] as const)('%s: other words for the same thing find it: %s', (language, query, fitting, other) => {
		const index = indexOf(
			article({ id: 'fitting', language, body: fitting }),
			article({ id: 'other', language, body: other }),
		);
		expect(ids(index.search({ ...ask(query), language }))[0]).toBe('fitting');
	});

	test('compounds, plurals, accents and typing errors are met by character grams', () => {
		const etikett = article({
			id: 'etikett',
			language: 'de',
			title: 'Rücksendung',
			body: 'Das Rücksendeetikett liegt dem Paket bei.',
		});
		const konto = article({
			id: 'konto',
			language: 'de',
			title: 'Konto',
			body: 'Ihr Kennwort ändern Sie in den Einstellungen.',
		});
		const index = indexOf(etikett, konto);
		expect(ids(index.search({ ...ask('Wo ist das Etikett für die Ruecksendung?'), language: 'de' }))[0]).toBe(
			'etikett',
		);
		expect(ids(index.search({ ...ask('einstelungen andern'), language: 'de' }))[0]).toBe('konto');
	});

	test('putting an article again takes its old passages out, removing it takes all', () => {
		const index = indexOf(refunds, shipping);
		index.put('refunds', chunkArticle({ ...refunds, body: 'Gift cards are not exchanged for cash.' }));
		expect(index.size).toBe(2);
		expect(ids(index.search(ask('bank account')))).toEqual([]);
		expect(ids(index.search(ask('gift cards')))).toEqual(['refunds']);
		index.remove('refunds');
		expect(index.size).toBe(1);
		expect(ids(index.search(ask('gift cards')))).toEqual([]);
		index.remove('never-there');
	});

	test('what a passage covers of a query is the same whether it is found or asked for', () => {
		const index = indexOf(refunds, shipping, password);
		const query = 'When is the refund paid back to my bank account?';
		const found = index.search(ask(query)).filter(({ passage }) => passage.articleId === 'refunds');
		expect(found.length).toBeGreaterThan(0);
		expect(index.coverageOf('refunds', query, 'en')).toEqual(
			found.map(({ coverage, signals }) => ({ coverage, matchedTerms: signals.matchedTerms })),
		);
		expect(index.coverageOf('refunds', query, 'de')).toEqual([]);
	});

	test('an index edited a hundred times answers as one built afresh', () => {
		const edited = indexOf(refunds);
		for (let round = 0; round < 100; round++) {
			edited.put('shipping', chunkArticle({ ...shipping, body: `Round ${round}. ${shipping.body}` }));
			if (round % 3 === 0) edited.remove('refunds');
			edited.put('refunds', chunkArticle(refunds));
		}
		edited.put('shipping', chunkArticle(shipping));
		edited.put('password', chunkArticle(password));
		const plain = (found: ReturnType<typeof edited.search>) =>
			found.map(({ passage, score, coverage, signals }) => [
				passage.id,
				score.toFixed(5),
				coverage.toFixed(5),
				signals.stemScore.toFixed(4),
			]);
		for (const query of ['refund days', 'ship parcels', 'password page account']) {
			expect(plain(edited.search(ask(query)))).toEqual(plain(indexOf(refunds, shipping, password).search(ask(query))));
		}
	});

	test('a very long ticket is searched by its informative words', () => {
		const noise = Array.from({ length: 300 }, (_, index) => `noise${index % 150}`).join(' ');
		expect(ids(indexOf(refunds, shipping, password).search(ask(`${noise} parcels to Europe ${noise}`)))[0]).toBe(
			'shipping',
		);
	});

	test.each(['', '???', 'the of and', '123456789'])('nothing to search by finds nothing: %j', query => {
		expect(indexOf(refunds).search(ask(query))).toEqual([]);
	});
});

describe('searchAll', () => {
	const german = article({
		id: 'de',
		language: 'de',
		title: 'Wartung',
		body: 'Die Maschine AquaPro 3000 wird monatlich entkalkt.',
	});

	test('another language’s article is found by names, marked, where one’s own has none', () => {
		const index = indexOf(refunds, shipping, german);
		const found = index.searchAll(ask('How to descale AquaPro 3000'));
		expect(found[0]).toMatchObject({ passage: { id: 'de#1' }, crossLanguage: true });
		expect(index.search(ask('How to descale AquaPro 3000'))).toEqual([]);
	});

	test('other languages stay out where one’s own covers the question', () => {
		const found = indexOf(refunds, german).searchAll(ask('refund to bank account'));
		expect(found.map(({ passage, crossLanguage }) => [passage.id, crossLanguage])).toEqual([['refunds#1', false]]);
	});
});
