import { describe, expect, test } from 'vitest';
import { extractAnswer } from '../../src/answering/extract.ts';
import type { Article } from '../../src/knowledge/article.ts';
import type { Language } from '../../src/language.ts';
import { article, indexOf } from '../knowledge/fixtures.ts';

const shop = [
	article({
		id: 'returns',
		title: 'Returning an item',
		body: [
			'You can return most items. Returns are free within 30 days of delivery. After that we charge a fee of 5 €.',
			'',
			'## How to send a parcel back',
			'',
			'Print the label first, then follow these steps:',
			'',
			'1. Open your order in the account.',
			'2. Choose Return an item and print the label.',
			'3. Hand the parcel in at any post office.',
			'',
			'Keep the receipt of the post office until the refund has arrived in your account, in case the parcel is lost.',
		].join('\n'),
	}),
	article({
		id: 'warranty',
		title: 'Warranty',
		body: 'The warranty lasts two years from the date of purchase. It covers faults in material. Is wear covered? Wear is not covered by it.',
	}),
	article({
		id: 'stores',
		title: 'Our stores',
		body: 'Our stores are in Berlin and Lisbon. They open at 9:00 and close at 18:00 from Monday to Saturday.',
	}),
];

function answer(question: string, articles: Article[] = shop, language: Language = 'en') {
	const index = indexOf(...articles);
	const found = index.search({ query: question, language, audiences: ['public'], limit: 5 });
	return { extraction: extractAnswer({ question, found, idf: index.idf }), found };
}

function textOf(question: string, articles?: Article[], language?: Language): string {
	const { extraction } = answer(question, articles, language);
	return extraction.kind === 'extracted' ? extraction.sentences.map(({ text }) => text).join('\n') : '';
}

describe('extractAnswer', () => {
	test.each([
		['How long does the warranty last?', 'The warranty lasts two years from the date of purchase.'],
		['Is wear covered by the warranty?', 'Wear is not covered by it.'],
		['Where are your stores?', 'Our stores are in Berlin and Lisbon.'],
		['How many days do I have to return something for free?', 'Returns are free within 30 days of delivery.'],
	])('%s', (question, sentence) => {
		expect(textOf(question)).toContain(sentence);
	});

	test('every sentence is verbatim from the passage it names, at most three, no question among them', () => {
		for (const question of [
			'Is wear covered by the warranty?',
			'How do I send a parcel back?',
			'refund fee label store warranty',
		]) {
			const { extraction, found } = answer(question);
			if (extraction.kind !== 'extracted') throw new Error(`not answered: ${question}`);
			expect(extraction.sentences.length).toBeLessThanOrEqual(3);
			for (const { text, passageId } of extraction.sentences) {
				expect(found.find(({ passage }) => passage.id === passageId)?.passage.text).toContain(text);
				expect(text).not.toMatch(/\?$/u);
			}
		}
	});

	test('steps come whole and in order, with the line that leads into them', () => {
		expect(textOf('How do I send a parcel back?')).toContain(
			'Print the label first, then follow these steps:\n1. Open your order in the account.\n2. Choose Return an item and print the label.\n3. Hand the parcel in at any post office.',
		);
	});

	test('sentences of one passage keep its order', () => {
		const text = textOf('What fee do you charge and how many days are returns free?');
		expect(text.indexOf('Returns are free')).toBeGreaterThanOrEqual(0);
		expect(text.indexOf('Returns are free')).toBeLessThan(text.indexOf('After that we charge'));
	});

	test.each(['Do you sell submarine engines to zoos?', 'zebra', ''])(
		'what the knowledge does not hold is not answerable: %j',
		question => {
			expect(answer(question).extraction.kind).toBe('not_answerable');
		},
	);

	test.each([
		[
			'es',
			'Envíos',
			'El envío es gratuito en pedidos grandes. El plazo de entrega es de tres días laborables.',
			'¿Cuánto tarda la entrega?',
			'El plazo de entrega es de tres días laborables.',
		],
		[
			'fr',
			'Livraison',
			'La livraison est assurée par la poste. Le délai de livraison est de trois jours.',
			'Quel est le délai de livraison ?',
			'Le délai de livraison est de trois jours.',
		],
		[
			'de',
			'Versand',
			'Wir liefern mit der Post. Die Lieferzeit beträgt drei Werktage.',
			'Wie lange ist die Lieferzeit?',
			'Die Lieferzeit beträgt drei Werktage.',
		],
		[
			'pt',
			'Entrega',
			'A entrega é feita pelos correios. O prazo de entrega é de três dias úteis.',
			'Qual é o prazo de entrega?',
			'O prazo de entrega é de três dias úteis.',
		],
	] as const)('%s', (language, title, body, question, sentence) => {
		expect(textOf(question, [article({ id: 'a', language, title, body })], language)).toContain(sentence);
	});
});
