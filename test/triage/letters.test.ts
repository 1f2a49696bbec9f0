import { expect, test } from 'vitest';
import { countLetters } from '../../src/triage/letters.ts';

test.each([
	'',
	'Where is MY parcel?',
	'ÄÖÜ straße ñandú Ç',
	'МОСКВА, Привет',
	'東京 ABC',
	'😡 𝐀𝐛 \ud835 x \udc00 𝐀',
	'½ ² 42 ª º',
])('%j has as many letters and capitals as the patterns say, however often it is counted', text => {
	const counted = { letters: text.match(/\p{L}/gu)?.length ?? 0, capitals: text.match(/\p{Lu}/gu)?.length ?? 0 };
	expect(countLetters(text)).toEqual(counted);
	expect(countLetters(text)).toEqual(counted);
});
