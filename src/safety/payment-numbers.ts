import { cueBefore } from './cues.ts';
import { digitsOf, type Span, spansOf } from './span.ts';

/** Card numbers by brand, length and Luhn; after a word such as "card" also mistyped ones. */
export function findCards(text: string): Span[] {
	return spansOf(
		text,
		/(?<![\p{L}\d.,#-]|\d )\d(?:[ \u00a0\u202f-]?\d){12,18}(?![\d\p{L}]|[ -]\d)/gu,
		'CARD',
		(found, start) => {
			const digits = digitsOf(found);
			const cue = cueBefore(text, start);
			if (cue === 'card') return digits.length >= 13;
			// Thirteen digits are an article number (EAN) far more often than an old Visa; grouped as on a card, no word before counts.
			const isOther = cue === 'reference' && !/^\d{4}[ -]\d{4,6}[ -]\d{4,5}/u.test(found);
			return !isOther && digits.length >= 14 && isBrand(digits) && passesLuhn(digits);
		},
	);
}

/** IBANs by their country's length and mod 97; after the word IBAN also mistyped ones. */
export function findIbans(text: string): Span[] {
	const spans: Span[] = [];
	for (const { index } of text.matchAll(/(?<![\p{L}\p{N}])[A-Z]{2}[ ]?\d{2}/giu)) {
		const length = ibanLengths[text.slice(index, index + 2).toUpperCase()];
		if (!length) continue;
		const found = new RegExp(`^[A-Z0-9](?:[ \\u00a0\\u202f.-]?[A-Z0-9]){${length - 1}}(?![\\p{L}\\p{N}])`, 'iu').exec(
			text.slice(index, index + 2 * length),
		)?.[0];
		if (!found) continue;
		const isNamed = /\biban\b[^\n]{0,24}$/iu.test(text.slice(Math.max(0, index - 30), index));
		if (isNamed || passesMod97(found.replace(/[^a-z0-9]/giu, '').toUpperCase())) {
			spans.push({ start: index, end: index + found.length, kind: 'IBAN' });
		}
	}
	return spans;
}

function isBrand(digits: string): boolean {
	if (/^4/u.test(digits)) return digits.length === 16 || digits.length === 19;
	if (/^3[47]/u.test(digits)) return digits.length === 15;
	if (/^3(?:0[0-5]|[689])/u.test(digits)) return digits.length >= 14 && digits.length <= 19;
	if (/^(?:5[1-5]|2[2-7]|35)/u.test(digits)) return digits.length === 16;
	return /^(?:50|5[6-9]|6)/u.test(digits) && digits.length >= 16;
}

/** ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
	let sum = 0;
	for (const [index, character] of [...digits].reverse().entries()) {
		const doubled = Number(character) * (index % 2 === 1 ? 2 : 1);
		sum += doubled > 9 ? doubled - 9 : doubled;
	}
	return sum % 10 === 0;
}

/** ISO 13616: the first four characters moved to the end, letters as 10 to 35, the whole leaves 1. */
function passesMod97(iban: string): boolean {
	let rest = 0;
	for (const character of iban.slice(4) + iban.slice(0, 4)) {
		const value = Number.parseInt(character, 36);
		rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
	}
	return rest === 1;
}

// The IBAN registry's lengths, for the countries of the Single Euro Payments Area and the five languages.
const ibanLengths: Record<string, number> = {
	AD: 24,
	AT: 20,
	BE: 16,
	BG: 22,
	BR: 29,
	CH: 21,
	CR: 22,
	CY: 28,
	CZ: 24,
	DE: 22,
	DK: 18,
	DO: 28,
	EE: 20,
	ES: 24,
	FI: 18,
	FR: 27,
	GB: 22,
	GI: 23,
	GR: 27,
	HR: 21,
	HU: 28,
	IE: 22,
	IS: 26,
	IT: 27,
	LI: 21,
	LT: 20,
	LU: 20,
	LV: 21,
	MC: 27,
	MT: 31,
	MU: 30,
	NL: 18,
	NO: 15,
	PL: 28,
	PT: 25,
	RO: 24,
	SE: 24,
	SI: 19,
	SK: 24,
	SM: 27,
	ST: 25,
	SV: 28,
	TL: 23,
	TN: 24,
	TR: 26,
	UA: 29,
	VA: 22,
};
