import type { Span } from './entities.ts';
import { fold } from './tokenize.ts';

/** Dates, numeric or with the month's name, as ISO `yyyy-mm-dd`. Relative ones ("yesterday") are left to the reader. */
export function findDates(text: string, locale: string, today: Date): (Span & { value: string })[] {
	const found: (Span & { value: string })[] = [];
	const add = (match: RegExpMatchArray, year: string | undefined, month: number, day: number) => {
		const start = match.index ?? 0;
		const end = start + match[0].length;
		const value = toIso(year, month, day, today);
		if (value && !found.some(other => start < other.end && other.start < end)) found.push({ start, end, value });
	};
	for (const match of text.matchAll(isoDate)) add(match, match[1], Number(match[2]), Number(match[3]));
	for (const match of text.matchAll(dayBeforeMonth)) {
		if (!alsoAWord.test(match[0])) add(match, match[3], monthOf(match[2]), Number(match[1]));
	}
	for (const match of text.matchAll(monthBeforeDay)) {
		if (!/^(?:out|set)/i.test(match[0])) add(match, match[3], monthOf(match[1]), Number(match[2]));
	}
	for (const match of text.matchAll(numeric)) {
		const [first, second] = [Number(match[1]), Number(match[3])];
		const isMonthFirst = second > 12 || (first <= 12 && match[2] !== '.' && writesMonthFirst(locale));
		add(match, match[4], isMonthFirst ? first : second, isMonthFirst ? second : first);
	}
	for (const match of text.matchAll(numericWithoutYear)) {
		const [first, second] = [Number(match[1]), Number(match[2] ?? match[3])];
		const isMonthFirst = second > 12 || (first <= 12 && match[3] === undefined && writesMonthFirst(locale));
		add(match, undefined, isMonthFirst ? first : second, isMonthFirst ? second : first);
	}
	return found.sort((a, b) => a.start - b.start);
}

const monthNames = [
	'january|jan|enero|ene|janvier|janv|januar|jänner|janeiro',
	'february|feb|febrero|février|fevrier|févr|fevr|februar|feber|fevereiro|fev',
	'march|mar|marzo|mars|märz|maerz|mrz|março|marco',
	'april|apr|abril|abr|avril|avr',
	'may|mayo|mai|maio',
	'june|jun|junio|juin|juni|junho',
	'july|jul|julio|juillet|juil|juli|julho',
	'august|aug|agosto|ago|août|aout',
	'september|sept|sep|septiembre|septembre|setiembre|setembro|set',
	'october|oct|octubre|octobre|oktober|okt|outubro|out',
	'november|nov|noviembre|novembre|novembro',
	'december|dec|diciembre|dic|décembre|decembre|déc|dezember|dez|dezembro',
];
const monthOfName = new Map(
	monthNames.flatMap((names, i) => names.split('|').map(name => [fold(name), i + 1] as const)),
);

// Longest first, so that "marzo" is not read as "mar".
const monthName = monthNames
	.flatMap(names => names.split('|'))
	.sort((a, b) => b.length - a.length)
	.join('|');

const isoDate = /(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])/g;
const dayBeforeMonth = new RegExp(
	`(?<![\\p{L}\\d.,])(\\d{1,2})(?:st|nd|rd|th|er|º|ª|\\.)?(?:\\s?(?:de|of)\\s|\\s?-\\s?|\\s?)(${monthName})(?![\\p{L}])(?:\\.?,?\\s?(?:(?:de|del|of)\\s)?(\\d{4})(?!\\d))?`,
	'giu',
);
const monthBeforeDay = new RegExp(
	`(?<![\\p{L}\\d])(${monthName})\\.?\\s(?:the\\s)?(\\d{1,2})(?:st|nd|rd|th)?(?![\\p{L}\\d]|[.,:]\\d)(?:,?\\s(\\d{4})(?!\\d))?`,
	'giu',
);
const numeric = /(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?![\d]|[./-]\d)/g;
// Only after a word that announces a day: "3/4" alone may be three quarters, "12.5." a section.
const numericWithoutYear =
	/(?<=(?<!\p{L})(?:on|since|by|until|from|el|del|desde|hasta|le|du|depuis|jusqu'au|am|vom|zum|seit|bis|den|dia|em|até|no)\s)(\d{1,2})(?:\/(\d{1,2})(?![\d/])|\.\s?(\d{1,2})\.)/giu;

/** "5 out of 10", "2 set": Portuguese short months that are English words count only after "de" or before a year. */
const alsoAWord = /^\d+\s?(?:out|set)$/i;

function monthOf(name = ''): number {
	return monthOfName.get(fold(name)) ?? 0;
}

/** The United States write the month first, and nobody else here; bare `en` is read as theirs. */
function writesMonthFirst(locale: string): boolean {
	return /^en(?:[-_]us)?$/i.test(locale);
}

function toIso(yearWritten: string | undefined, month: number, day: number, today: Date): string | undefined {
	if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
	const year =
		yearWritten === undefined
			? nearestYear(month, day, today)
			: Number(yearWritten) + (yearWritten.length === 2 ? 2000 : 0);
	const date = new Date(Date.UTC(year, month - 1, day));
	if (date.getUTCDate() !== day || year < 1900 || year > 2100) return undefined;
	return date.toISOString().slice(0, 10);
}

function nearestYear(month: number, day: number, today: Date): number {
	const thisYear = today.getUTCFullYear();
	const distance = (year: number) => Math.abs(Date.UTC(year, month - 1, day) - today.getTime());
	return [thisYear - 1, thisYear, thisYear + 1].reduce((best, year) => (distance(year) < distance(best) ? year : best));
}
