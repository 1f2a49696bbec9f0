import type { Span } from './entities.ts';

export interface Amount extends Span {
	/** In the currency's major unit. */
	value: number;
	/** ISO 4217; absent where the words leave it open ("600 pesos", "a refund of 600"). */
	currency?: string;
	/** As it was written. */
	text: string;
}

/** Sums of money in any of the five languages' ways to write numbers. */
export function findAmounts(text: string): Amount[] {
	const found: Amount[] = [];
	for (const { pattern, currencyOf } of kinds) {
		for (const match of text.matchAll(pattern)) {
			const written = match.groups?.amount ?? match[0];
			const start = match.index + match[0].indexOf(written);
			const end = start + written.length;
			if (found.some(other => start < other.end && other.start < end)) continue;
			const value = parseNumber(match.groups?.number ?? '') * multiplierOf(match.groups?.thousands);
			const currency = currencyOf(match.groups?.currency ?? '');
			const isMinorUnit = centWord.test(match.groups?.currency ?? '');
			found.push({
				start,
				end,
				value: isMinorUnit ? value / 100 : value,
				text: written.trim(),
				...(currency !== undefined && { currency }),
			});
		}
	}
	return found.sort((a, b) => a.start - b.start);
}

/**
 * `1.234,56`, `1,234.56`, `1 234,56`, `1'234.50` and plain ones. The last of two different separators is the decimal one;
 * one separator before exactly three digits groups thousands, since no currency in use here has three decimals.
 */
export function parseNumber(written: string): number {
	const compact = written.replace(/[\s'’\u00a0\u202f]/g, '');
	const decimal = /[.,](\d{1,2})$/.exec(compact)?.[1];
	const whole = (decimal === undefined ? compact : compact.slice(0, -decimal.length - 1)).replace(/[.,]/g, '');
	return Number(`${whole}.${decimal ?? '0'}`);
}

const space = '[ \\u00a0\\u202f]';
const number = `(?<number>\\d{1,3}(?:(?:[.,'’]|${space})\\d{3})+(?:[.,]\\d{1,2})?|\\d+(?:[.,]\\d{1,2})?)(?:,-|\\.-|[.,][–—])?`;
// After a number, € and codes belong to that number ("50 EUR 2 times"); $ and £ may still begin the next ("iPhone 15 $999").
// Not inside a longer number, a version, a date, a phone number or a word.
const startsFresh = '(?<![\\p{L}\\d]|\\d[.,:/+-])';
const endsWhole = '(?![\\d]|[.,:/-]\\d|[.,]\\p{L})';
const thousands = `(?:${space}?(?<thousands>k|mil|mille|tausend|thousand|tsd\\.?)(?![\\p{L}]))?`;

const symbol = '(?:US|CA|C|AU|A|MX|AR|NZ|R|S/)?\\$|S/\\.?|[£¥₹]';
const isoCode = 'EUR|USD|GBP|CHF|BRL|MXN|ARS|COP|CLP|PEN|CAD|AUD|NZD|SFr\\.?|Fr\\.|Eur|eur|usd|gbp|chf|brl';
const word =
	'euros?|eur|dollars?|d[óo]lares|d[óo]lar|bucks|pounds?|quid|libras?(?: esterlinas)?|livres(?: sterling)?|pfund|reais|real|pesos?|soles|franken|francs?(?: suisses)?|francos?(?: suizos| suíços)?|cents?|c[ée]ntimos?|centimes?|centavos?|pence';

const moneyVerb =
	'refund(?:ed)?|paid|pay|charged?|cost|amount|total|worth|reembolso|devoluci[óo]n|pagu?[ée]|pagado|cobr(?:ado|aron|aram|ou)|importe|valor|montante|rembours(?:ement|er|é)|pay[ée]|d[ée]bit[ée]|factur[ée]|montant|erstattung|r[üu]ckerstattung|bezahlt|abgebucht|berechnet|betrag|paguei|quantia';

const kinds: { pattern: RegExp; currencyOf: (written: string) => string | undefined }[] = [
	{
		pattern: new RegExp(
			`(?<amount>(?<![\\p{L}\\d])(?<currency>${symbol}|(?<!\\d${space}?)(?:€|${isoCode}))${space}?${number}${thousands})${endsWhole}`,
			'gu',
		),
		currencyOf: currencyOfSymbol,
	},
	{
		pattern: new RegExp(
			`${startsFresh}(?<amount>${number}${thousands}${space}?(?:(?<currency>[€£¥₹]|(?:US|R)?\\$(?!\\d)|(?:${isoCode})(?![\\p{L}]))))`,
			'gu',
		),
		currencyOf: currencyOfSymbol,
	},
	{
		pattern: new RegExp(
			`${startsFresh}(?<amount>${number}${thousands}(?:${space}|-)?(?:de )?(?<currency>${word}))(?![\\p{L}])`,
			'giu',
		),
		currencyOf: currencyOfWord,
	},
	{
		// No currency, but a word of money right before it, and not "paid 200 times".
		pattern: new RegExp(
			`(?<![\\p{L}])(?:${moneyVerb})(?:${space}?(?:of|de|por|von|em|for|me|mir|is|was|:|über|um|il y a))*${space}${startsFresh}(?<amount>(?=\\d{3}|\\d+[.,]\\d)${number})${endsWhole}(?!${space}?(?:%|times|days|months|hours|minutes|weeks|items|veces|d[íi]as|fois|jours|mal|tage|vezes|dias|km|kg|g|ml|cm|mm|gb|mb)(?![\\p{L}]))(?!${space}?%)`,
			'giu',
		),
		currencyOf: () => undefined,
	},
];

const symbols: Record<string, string> = {
	'€': 'EUR',
	'£': 'GBP',
	'¥': 'JPY',
	'₹': 'INR',
	$: 'USD',
	US$: 'USD',
	CA$: 'CAD',
	C$: 'CAD',
	AU$: 'AUD',
	A$: 'AUD',
	NZ$: 'NZD',
	MX$: 'MXN',
	AR$: 'ARS',
	R$: 'BRL',
	'S/': 'PEN',
	'S/.': 'PEN',
	SFR: 'CHF',
	FR: 'CHF',
};

function currencyOfSymbol(written: string): string {
	return symbols[written] ?? symbols[written.replace(/\.$/, '').toUpperCase()] ?? written.toUpperCase();
}

const centWord = /^(?:cents?|c[ée]ntimos?|centimes?|centavos?|pence)$/i;

const words: [RegExp, string][] = [
	[/^(?:euros?|eur|c[ée]ntimos?|centimes?)$/i, 'EUR'],
	[/^(?:dollars?|d[óo]lar(?:es)?|bucks)$/i, 'USD'],
	[/^(?:pounds?|quid|libras?.*|livres.*|pfund|pence)$/i, 'GBP'],
	[/^(?:reais|real)$/i, 'BRL'],
	[/^(?:franken|francs?.*|francos?.*)$/i, 'CHF'],
	[/^soles$/i, 'PEN'],
];

function currencyOfWord(written: string): string | undefined {
	return words.find(([pattern]) => pattern.test(written))?.[1];
}

function multiplierOf(thousandsWord: string | undefined): number {
	return thousandsWord === undefined ? 1 : 1000;
}
