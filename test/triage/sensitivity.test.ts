import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createSensitivePatterns, sensitiveCategories } from '../../src/triage/sensitive-patterns.ts';
import { createSensitivity, SensitiveFile, sensitivityExamples } from '../../src/triage/sensitivity.ts';

const english = SensitiveFile.parse(
	parse(await readFile(new URL('../../locales/en/sensitive.yaml', import.meta.url), 'utf8')),
);
const findPatterns = createSensitivePatterns(new Map([['en', english]]));
const categoriesOf = (text: string) => findPatterns(text, 'en').map(({ category }) => category);

describe('the English patterns', () => {
	test.each([
		['legal', 'My lawyer will be in touch'],
		['privacy', 'Under GDPR I want you to delete all my personal data'],
		['security', 'My account was hacked last night'],
		['fraud', 'Someone stole my card and bought things in your shop'],
		['safety', 'The charger exploded and burned my hand'],
		['self_harm', "I don't want to live any more"],
		['discrimination', 'Your driver made a racist remark'],
		['press', "I'm a reporter at the Chronicle, could your press office comment?"],
		['minor', 'My son bought 300 coins without my permission'],
		['bereavement', 'My mother passed away, please close her account'],
		['medical', 'I had an allergic reaction to the cream'],
		['threat', 'I know where you live, I will kill you'],
	])('%s: %s', (category, text) => {
		expect(categoriesOf(text)).toContain(category);
	});

	test.each([
		'The legal name on the invoice is wrong',
		"I'd kill for a coffee right now",
		'My phone died during the checkout',
		'My old laptop just died, which one do you recommend?',
		'Do you have the police car lego set?',
		'This jacket is fire',
		'A minor issue with the zip',
		'Need a gift for a 9 year old',
	])('harmless: %s', text => {
		expect(categoriesOf(text)).toEqual([]);
	});

	test('a harmless context does not excuse what stands beside it', () => {
		expect(categoriesOf("The legal name is wrong and I'd kill for a coffee, but my lawyer will write to you")).toEqual([
			'legal',
		]);
	});

	test('every category has patterns', () => {
		expect(Object.keys(english.patterns).sort()).toEqual([...sensitiveCategories].sort());
	});
});

test('accents make no difference on either side', () => {
	const file = {
		patterns: { legal: ['\\bprocès\\b'] },
		harmless: [],
		examples: { sensitive: [], harmless: [], ordinary: [] },
	};
	const find = createSensitivePatterns(new Map([['fr', file]]));
	expect(find('je vous fais un proces', 'fr')).toHaveLength(1);
	expect(find('PROCÈS', 'fr')).toHaveLength(1);
});

test('a pattern that is no regular expression names the file', () => {
	const file = {
		patterns: { legal: ['(unclosed'] },
		harmless: [],
		examples: { sensitive: [], harmless: [], ordinary: [] },
	};
	expect(() => createSensitivePatterns(new Map([['es', file]]))).toThrow('locales/es/sensitive.yaml');
});

test('one grave sentence in a long mail is enough for the classifier', () => {
	const find = createSensitivity(
		() => [],
		text => (text === 'Then it went bang loudly.' ? 0.9 : 0.1),
	);
	expect(find('I bought a kettle. Then it went bang loudly. Otherwise fine.', 'en')).toEqual([
		{ category: 'unclear', from: 'classifier', probability: 0.9 },
	]);
	expect(find('All fine.', 'en')).toEqual([]);
});

test('ordinary messages train as what they are, legal and security ones as sensitive, complaints as neither', () => {
	const findPatterns = createSensitivePatterns(new Map([['en', english]]));
	const intents = {
		legal_or_security: ['see you in court'],
		how_to: ['how do I clean it', 'my lawyer asks how to clean it'],
		complaint: ['disgraceful'],
	};
	const examples = sensitivityExamples('en', english, intents, findPatterns);
	const labelOf = (text: string) => examples.find(example => example.text === text)?.label;
	expect(labelOf('see you in court')).toBe('sensitive');
	expect(labelOf('how do I clean it')).toBe('how_to');
	expect(labelOf('disgraceful')).toBeUndefined();
	expect(labelOf('my lawyer asks how to clean it')).toBeUndefined();
});

test('a pattern that the classifier is certain means nothing is not believed, unless a life may hang on it', () => {
	const hit = (category: 'legal' | 'self_harm') => [{ category, from: 'pattern' as const, probability: 1 }];
	const found = (category: 'legal' | 'self_harm', probability: number) =>
		createSensitivity(
			() => hit(category),
			() => probability,
		)("Have you got Kafka's The Trial in paperback?", 'en').map(one => one.category);
	expect(found('legal', 0.01)).toEqual([]);
	expect(found('legal', 0.1)).toEqual(['legal']);
	expect(found('self_harm', 0.01)).toEqual(['self_harm']);
});
