import { describe, expect, test } from 'vitest';
import { expectedCalibrationError, fitTemperature } from '../../src/triage/calibration.ts';
import { createClassifier, type Example, trainClassifier } from '../../src/triage/classifier.ts';
import { deserializeClassifier, serializeClassifier } from '../../src/triage/classifier-file.ts';
import { recordLength } from '../../src/triage/compact-model.ts';
import { createConcepts } from '../../src/triage/concepts.ts';
import { toProbabilities } from '../../src/triage/linear-model.ts';
import { createReader } from '../../src/triage/reader.ts';

const refund = [
	'I want my money back',
	'please refund me',
	'refund the lamp',
	'give me back my money',
	'a refund please',
	'money back now',
];
const login = [
	'I forgot my password',
	'cannot log in',
	'password reset does not work',
	'log in fails',
	'reset my password',
	'log in please',
];
const examples: Example[] = [
	...refund.map(text => ({ text, label: 'refund' })),
	...login.map(text => ({ text, label: 'login' })),
];

describe('a trained classifier', () => {
	const classifier = trainClassifier(examples);

	test('knows its labels, typos and all, strongest first', () => {
		const [first, second] = classifier.predict('pls refnd my mony');
		expect(first?.label).toBe('refund');
		expect((first?.probability ?? 0) + (second?.probability ?? 0)).toBeCloseTo(1);
		expect(classifier.predict('PASSWORD?')[0]?.label).toBe('login');
		expect(classifier.strongest('PASSWORD?')).toEqual(classifier.predict('PASSWORD?')[0]);
	});

	test('is far less sure of words it never saw than of words it did', () => {
		const sureness = (text: string) => classifier.predict(text)[0]?.probability ?? 0;
		expect(sureness('zzz qqq')).toBeLessThan(sureness('I want my money back please') - 0.15);
	});

	test('is the same again for the same seed, and another for another', () => {
		const weights = (seed: number) => trainClassifier(examples, { seed }).parts.model.records;
		expect(weights(1)).toEqual(classifier.parts.model.records);
		expect(weights(2)).not.toEqual(classifier.parts.model.records);
	});

	test('survives being written down', () => {
		const again = deserializeClassifier(serializeClassifier(classifier));
		for (const text of ['refund', 'my password', 'hello']) {
			expect(again.predict(text)).toEqual(classifier.predict(text));
		}
	});

	test('is asked alike with its features in any order', () => {
		const { labels, temperature, model } = classifier.parts;
		const length = recordLength(labels.length);
		const records = model.records.slice();
		for (let record = 0; record < records.length; record += length) {
			records.set(model.records.subarray(record, record + length), records.length - length - record);
		}
		const turned = createClassifier({ labels, temperature, model: { ...model, records } }, createReader());
		expect(turned.predict('refund my password')).toEqual(classifier.predict('refund my password'));
	});

	test('refuses a damaged file', () => {
		const bytes = serializeClassifier(classifier);
		bytes.writeUInt8(bytes.readUInt8(200) ^ 1, 200);
		expect(() => deserializeClassifier(bytes)).toThrow('damaged');
		expect(() => deserializeClassifier(bytes.subarray(0, 40))).toThrow();
	});
});

test('what is learnt of a concept in one language holds in another', () => {
	const findConcepts = createConcepts(
		new Map([
			['en', { money: 'refund*, money', access: 'password*, log in' }],
			['de', { money: '*geld*, erstatt*', access: 'passwort*, einloggen' }],
		]),
	);
	const english = examples.map(example => ({ ...example, language: 'en' }));
	const classifier = trainClassifier(english, { reader: createReader(findConcepts) });
	expect(classifier.predict('Rückgeld?', 'de')[0]).toMatchObject({ label: 'refund' });
	expect(classifier.predict('einloggen', 'de')[0]).toMatchObject({ label: 'login' });
});

describe('calibration', () => {
	test('scores that are too sure get a temperature that makes them true', () => {
		// Nine of ten are right, but the scores claim nearly all.
		const scores = Array.from({ length: 100 }, () => Float32Array.of(8, 0));
		const targets = scores.map((_, i) => (i % 10 === 0 ? 1 : 0));
		const temperature = fitTemperature(scores, targets);
		const probabilities = Float32Array.of(8, 0);
		toProbabilities(probabilities, temperature);
		expect(probabilities[0]).toBeCloseTo(0.9, 2);
	});

	test('the error is the distance between claim and truth in points', () => {
		const claims = Array.from({ length: 10 }, (_, i) => ({ probability: 0.9, isCorrect: i < 7 }));
		expect(expectedCalibrationError(claims)).toBeCloseTo(20);
		expect(expectedCalibrationError([])).toBe(0);
	});
});
