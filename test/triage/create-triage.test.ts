import { expect, test } from 'vitest';
import { createTriage, type TriageDependencies } from '../../src/triage/create-triage.ts';

function triageWith(changes: Partial<TriageDependencies> = {}) {
	return createTriage({
		detectLanguage: (_, context) => ({ language: context?.conversation ?? context?.requester ?? 'en', from: 'text' }),
		predictIntents: text => [{ intent: text.includes('Refund') ? 'refund_request' : 'order_status', probability: 0.8 }],
		measureAnger: () => 0.25,
		findSensitivity: () => [],
		now: () => new Date('2026-05-20'),
		...changes,
	});
}

test('everything later stages need is read from the stripped text', () => {
	const triage = triageWith({ products: ['Lamp One'] });
	expect(
		triage('<p>Where is my lamp one, order #12345? I paid 49,90 € on March 3rd</p><p>Sent from my iPhone</p>'),
	).toEqual({
		language: 'en',
		languageFrom: 'text',
		intent: 'order_status',
		intentProbability: 0.8,
		intents: [{ intent: 'order_status', probability: 0.8 }],
		entities: {
			orderNumbers: ['12345'],
			amounts: [{ value: 49.9, currency: 'EUR', text: '49,90 €' }],
			dates: ['2026-03-03'],
			emails: [],
			products: ['Lamp One'],
		},
		anger: 0.25,
		sensitivity: [],
		text: 'Where is my lamp one, order #12345? I paid 49,90 € on March 3rd',
	});
});

test('the subject counts for the want and the entities but is not among the words', () => {
	const triaged = triageWith()('See above.', { subject: 'RE: Fwd: Refund for #77777' });
	expect(triaged.intent).toBe('refund_request');
	expect(triaged.entities.orderNumbers).toEqual(['77777']);
	expect(triaged.text).toBe('See above.');
});

test("the requester's region decides how a date is read, in their own language only", () => {
	const datesOf = (requesterLocale: string, language: 'en' | 'de') =>
		triageWith({ detectLanguage: () => ({ language, from: 'text' }) })('on 03/04/2026', { requesterLocale }).entities
			.dates;
	expect(datesOf('en-GB', 'en')).toEqual(['2026-04-03']);
	expect(datesOf('en-US', 'en')).toEqual(['2026-03-04']);
	expect(datesOf('en-US', 'de')).toEqual(['2026-04-03']);
});

test('without any intent it is out of scope with no confidence', () => {
	expect(triageWith({ predictIntents: () => [] })('hm')).toMatchObject({
		intent: 'out_of_scope',
		intentProbability: 0,
	});
});
