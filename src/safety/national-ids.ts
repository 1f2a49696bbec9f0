import { anyCase } from './any-case.ts';
import { cueBefore } from './cues.ts';
import { digitsOf, type Span, spansOf } from './span.ts';

/**
 * Identity, tax and social security numbers of the US, Great Britain, Spain, Brazil, France, Germany and Portugal: by form
 * and check digit, or after the number's name, where a mistyped one is hidden too.
 */
export function findNationalIds(text: string): Span[] {
	const unlessReference = (isReal: (id: string) => boolean) => (found: string, start: number) =>
		isReal(found.replace(/[^\p{L}\d]/gu, '').toUpperCase()) && cueBefore(text, start) !== 'reference';
	return [
		...spansOf(text, named, 'NATIONAL_ID', found => digitsOf(found).length >= 6 && !isDate(found)),
		...spansOf(
			text,
			/(?<![\p{L}\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\p{L}\d-])/gu,
			'NATIONAL_ID',
			unlessReference(() => true),
		),
		...spansOf(
			text,
			/(?<![\p{L}\d])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![\p{L}\d])/gu,
			'NATIONAL_ID',
			unlessReference(() => true),
		),
		...spansOf(
			text,
			/(?<![\p{L}\d.-])(?:\d{8}|\d{1,2}\.\d{3}\.\d{3}|[XYZ][ -]?\d{7})[ -]?[A-Z](?![\p{L}\d])/giu,
			'NATIONAL_ID',
			unlessReference(isSpanishId),
		),
		...spansOf(text, /(?<![\p{L}\d.-])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\p{L}\d])/gu, 'NATIONAL_ID', unlessReference(isCpf)),
		...spansOf(
			text,
			/(?<![\p{L}\d.-])[12] ?\d{2} ?\d{2} ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}(?![\p{L}\d])/giu,
			'NATIONAL_ID',
			unlessReference(isFrenchNir),
		),
	];
}

const names = [
	'SSN|NI(?: number| no\\.?)|social security(?: number| no\\.?)?|NINO|national insurance(?: number| no\\.?)?|passport(?: number| no\\.?)?|driving licen[cs]e(?: number| no\\.?)?|tax (?:id|number)|ITIN',
	'DNI|NIE|NIF|CIF personal|pasaporte|documento de identidad|número de la seguridad social',
	"NIR|num[ée]ro de s[ée]curit[ée] sociale|n° de s[ée]curit[ée] sociale|s[ée]curit[ée] sociale|num[ée]ro fiscal|passeport|carte d[’']identit[ée]",
	'Steuer-?(?:ID|Identifikationsnummer|nummer|nr\\.?)|IdNr\\.?|Personalausweis(?:nummer)?|Ausweisnummer|Reisepass(?:nummer)?|Sozialversicherungsnummer|SV-Nummer|AHV-Nummer',
	'CPF|RG|contribuinte|n[úu]mero de identifica[çc][ãa]o fiscal|cart[ãa]o de cidad[ãa]o|bilhete de identidade|NISS|passaporte',
].join('|');

const between = 'is|es|est|ist|lautet|é|number|no|nr|núm|numéro|número|nummer|n[°º]|my|le|la|el|o';

/** The number's name, at most four short words such as "is" or "number:", then the number, which is what is hidden. */
const named = new RegExp(
	[
		`(?<![\\p{L}\\d])(?:${anyCase(names)})(?![\\p{L}\\d])`,
		`(?:[\\s:=#.,(-]{0,3}(?:${anyCase(between)})){0,4}[\\s:=#.,(]{1,3}`,
		'((?:\\p{Lu}{1,3}[ -]?)?\\d[\\da-zA-Z]{0,17}(?:[ ./-]\\p{Lu}{0,2}\\d[\\da-zA-Z]{0,8}){0,7}(?:[ -]\\p{Lu})?)(?![\\p{L}\\d])',
	].join(''),
	'gu',
);

function isDate(text: string): boolean {
	return /^(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2})$/u.test(text);
}

/** DNI and NIE: the letter is the number's remainder by 23. */
function isSpanishId(id: string): boolean {
	const number = Number(id.slice(0, -1).replace(/^[XYZ]/u, letter => String('XYZ'.indexOf(letter))));
	return 'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23] === id.at(-1);
}

/** CPF: two check digits, each a weighted sum by 11. */
function isCpf(id: string): boolean {
	return [9, 10].every(count => {
		let sum = 0;
		for (let index = 0; index < count; index++) sum += Number(id[index]) * (count + 1 - index);
		return ((sum * 10) % 11) % 10 === Number(id[count]);
	});
}

/** NIR: the key is 97 less the remainder; Corsican departments count as 19 and 18. */
function isFrenchNir(id: string): boolean {
	const digits = id.replace('2A', '19').replace('2B', '18');
	return 97 - Number(BigInt(digits.slice(0, 13)) % 97n) === Number(digits.slice(13));
}
