import { expect, test } from 'vitest';
import { evaluateIntents } from '../../src/triage/evaluate-intents.ts';
import { parseExamplesCsv, parseExamplesJsonl } from '../../src/triage/examples-csv.ts';

test('quotes, commas, doubled quotes and newlines inside a field are its text', () => {
	expect(parseExamplesCsv('text,label\r\n"Hi, ""you""\nthere",greet\r\nbye,part\r\n')).toEqual([
		{ text: 'Hi, "you"\nthere', label: 'greet' },
		{ text: 'bye', label: 'part' },
	]);
});

test.each(['text,label', 'text,category', 'utterance,intent', '\uFEFFquery,class'])(
	'the header %s is no example',
	header => {
		expect(parseExamplesCsv(`${header}\nhello,greet`)).toEqual([{ text: 'hello', label: 'greet' }]);
	},
);

test('without a header the first row is an example', () => {
	expect(parseExamplesCsv('hello,greet\nbye,part')).toHaveLength(2);
});

test('further columns and empty lines are passed over', () => {
	expect(parseExamplesCsv('text,label,id\nhello,greet,1\n\n,greet,2\n')).toEqual([{ text: 'hello', label: 'greet' }]);
});

test('JSON Lines are read with their language, and a bad line is named', () => {
	expect(parseExamplesJsonl('{"text":"hola","label":"greet","language":"es"}\n\n')).toEqual([
		{ text: 'hola', label: 'greet', language: 'es' },
	]);
	expect(() => parseExamplesJsonl('{"text":"hola"}')).toThrow('{"text":"hola"}');
});

test('figures of an evaluation are shares, points, seconds and milliseconds', () => {
	const train = ['red rose', 'rose', 'a red rose here', 'roses'].map(text => ({ text, label: 'flower' }));
	const more = ['grey stone', 'stone', 'a hard stone', 'stones'].map(text => ({ text, label: 'rock' }));
	const figures = evaluateIntents(
		[...train, ...more],
		[
			{ text: 'rose', label: 'flower' },
			{ text: 'stone', label: 'flower' },
		],
	);
	expect(figures.accuracy).toBe(0.5);
	expect(figures.calibrationError).toBeGreaterThan(0);
	expect(figures.trainSeconds).toBeGreaterThan(0);
	expect(figures.predictMs).toBeGreaterThan(0);
});
