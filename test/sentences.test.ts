import { describe, expect, test } from 'vitest';
import { splitSentences } from '../src/sentences.ts';

describe('splitSentences', () => {
	test.each([
		[
			'en',
			'Dr. Smith paid $5.50. Was it late? Yes... No. 5 is fine.',
			['Dr. Smith paid $5.50.', 'Was it late?', 'Yes...', 'No. 5 is fine.'],
		],
		['en', 'See www.shop.example/?a=b. Done!', ['See www.shop.example/?a=b.', 'Done!']],
		[
			'es',
			'El Sr. García vive en EE. UU. ¿Cuánto cuesta? ¡Nada!',
			['El Sr. García vive en EE. UU.', '¿Cuánto cuesta?', '¡Nada!'],
		],
		['fr', 'M. Dupont paie 5 € env. par mois. C’est tout.', ['M. Dupont paie 5 € env. par mois.', 'C’est tout.']],
		[
			'de',
			'Am 3. Oktober kommt z. B. Herr Dr. Maier. Es waren 30. Danach ging es los.',
			['Am 3. Oktober kommt z. B. Herr Dr. Maier.', 'Es waren 30.', 'Danach ging es los.'],
		],
		[
			'de',
			'Bis zum 2. Mal ist es frei. Die Frist beträgt ca. 14 Tage.',
			['Bis zum 2. Mal ist es frei.', 'Die Frist beträgt ca. 14 Tage.'],
		],
		['pt', 'A Sra. Lima pagou R$ 10,50. Obrigado.', ['A Sra. Lima pagou R$ 10,50.', 'Obrigado.']],
	] as const)('%s: %s', (language, text, sentences) => {
		expect(splitSentences(text, language)).toEqual(sentences);
	});

	test('a line break ends a sentence, and each is verbatim', () => {
		const text = 'Returns\n1. Open  Settings\n2. Click Return. Then wait.';
		const sentences = splitSentences(text, 'en');
		expect(sentences).toEqual(['Returns', '1. Open  Settings', '2. Click Return.', 'Then wait.']);
		for (const sentence of sentences) expect(text).toContain(sentence);
	});
});
