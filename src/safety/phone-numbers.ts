import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { Language } from '../language.ts';
import { cueBefore, isCalledPhoneAfter } from './cues.ts';
import { digitsOf, type Span, spansOf } from './span.ts';

/**
 * Telephone numbers: with a country code, or after a word such as "call me", or written as one and valid where the
 * language is spoken. Dates, amounts and what a word before calls an order, invoice or tracking number are not.
 */
export function findPhones(text: string, language: Language): Span[] {
	return spansOf(text, candidate, 'PHONE', (found, start) => {
		const digits = digitsOf(found);
		if (
			digits.length < 7 ||
			digits.length > 15 ||
			isDate(found) ||
			isRange(found) ||
			isAmount(text, start, start + found.length)
		)
			return false;
		const cue = cueBefore(text, start);
		if (/^(?:\+|00[1-9])/u.test(found)) {
			return cue === 'phone' || (parsePhoneNumberFromString(found.replace(/^00/u, '+'))?.isPossible() ?? false);
		}
		if (isCalledPhoneAfter(text, start + found.length)) return true;
		if (cue !== 'none') return cue === 'phone';
		return (
			isWrittenAsPhone(found) &&
			countries[language].some(country => parsePhoneNumberFromString(found, country)?.isValid())
		);
	});
}

// Not part of a longer word, number or code: "ORD-5551234567", "1Z999…", "#5551234".
const candidate =
	/(?<![\p{L}\p{N}#_@/]|\p{N}[.,:/-]|\p{L}-|[€$£] ?)(?!\d{1,2}[./-]\d{1,2}[./-]\d{4}(?!\d)|\d{4}-\d{2}-\d{2}(?!\d))(?:\+|\(\+)?\(?\d(?:[ \u00a0\u202f()./‐–-]{0,3}\d){6,17}(?![\p{L}\p{N}_@]|[-.,/:]\d)/gu;

/** Day, month and year; four digits of year, since two are how the French write "04.28.67.56.31". */
function isDate(text: string): boolean {
	return /^\d{1,2}([./ -])\d{1,2}\1(?:\d{4}|\d{2})$/u.test(text) || /^\d{4}([./-])\d{1,2}\1\d{1,2}$/u.test(text);
}

/** "1996-1997", "29.000 - 24.000": two numbers. */
function isRange(text: string): boolean {
	return /^\(?[12]\d{3}\s?[-–]\s?[12]\d{3}$|\d\s[-–]\s\d/u.test(text);
}

function isAmount(text: string, start: number, end: number): boolean {
	return (
		/(?:[€$£¥]|EUR|USD|GBP|BRL|CHF)\s?$/u.test(text.slice(Math.max(0, start - 4), start)) ||
		/^\s?(?:[€$£¥%]|(?:EUR|USD|GBP|BRL|CHF|euros?|dollars?|reais|pounds?)\b)/iu.test(text.slice(end, end + 8))
	);
}

/** Groups, brackets or a leading zero; three groups of three alone are as likely a large number. */
function isWrittenAsPhone(text: string): boolean {
	return (
		(/[ ()/-]/u.test(text.slice(1)) || /^0\d(?:\.\d{2}){4}$/u.test(text)) && !/^\d{1,3}(?:[ .]\d{3})+$/u.test(text)
	);
}

const countries: Record<Language, CountryCode[]> = {
	en: ['US', 'GB', 'CA', 'AU', 'IE'],
	es: ['ES', 'MX', 'AR', 'CO', 'CL'],
	fr: ['FR', 'BE', 'CH', 'CA'],
	de: ['DE', 'AT', 'CH'],
	pt: ['PT', 'BR'],
};
