import type { Span } from './entities.ts';

/** Order numbers as customers write them, without `#`, letters in capitals. */
export function findOrderNumbers(text: string): (Span & { value: string })[] {
	const found: (Span & { value: string })[] = [];
	for (const pattern of [afterWord, afterHash, prefixed, grouped]) {
		for (const match of text.matchAll(pattern)) {
			const code = match.groups?.code ?? '';
			const start = match.index + match[0].lastIndexOf(code);
			const span = { start, end: start + code.length };
			if (isOrderNumber(code, match.groups?.mark) && !found.some(other => overlaps(other, span))) {
				found.push({ ...span, value: code.toUpperCase() });
			}
		}
	}
	return found.sort((a, b) => a.start - b.start);
}

// What an order is called, what may stand between that and its number ("n.º", "number is", ":"), and the number.
const orderWord =
	'(?:orders?|purchases?|pedidos?|orden|[óo]rdenes|compras?|commandes?|achats?|bestell(?:ung(?:en)?|nummer|nr)|auftr(?:ag|agsnummer|agsnr|äge)|encomendas?|tracking|env[íi]o|sendungs?(?:nummer|nr)?)';
const numberWord = '(?:no|nr|n|num|núm|number|numero|número|numéro|nummer|id|ref|reference|referencia|référence|code)';
const between = `(?:[\\s.:,º°#(-]*(?:${numberWord}|is|es|est|ist|é|de|mit der|with|con el|avec le|com o|my|mi|der)(?!(?!º)\\p{L}))*[\\s.:º°#(-]*`;
const code = '(?<code>\\p{Lu}{0,5}-?\\d[\\dA-Z-]{2,22}\\d|\\p{L}{1,5}-?\\d{3,}(?:-\\d+)*)';
const afterWord = new RegExp(`(?<![\\p{L}])${orderWord}(?<mark>${between})${code}(?![\\p{L}\\d]|[.,/]\\d)`, 'giu');
const afterHash = /(?<![\p{L}\d&/])(?<mark>#)\s?(?<code>\p{L}{0,5}-?\d{3,}(?:-\d+)*)(?![\p{L}\d]|[.,/]\d)/gu;
const prefixed =
	/(?<![\p{L}\d#-])(?<code>\p{Lu}{2,5}-\d{4,}(?:-\d+)*|(?:ORD|PED|CMD|BST|ENC)[-_ ]?\d{3,})(?![\p{L}\d-])/gu;
const grouped = /(?<![\d-])(?<code>\d{3}-\d{7}-\d{7})(?![\d-])/g;

/** Prefixes of standards, currencies and papers that look like an order number. */
const otherPrefix =
	/^(?:iso|utf|sha|covid|iec|din|en|rfc|inv|rg|re|fac|fra|fact|nf|vat|ust|eur|usd|gbp|chf|brl|rtx|gtx|usb|wpa|http|err|error|cve|tls|aes|md|mp|isbn|ean|sku)[-_ ]?\d/i;

function isOrderNumber(candidate: string, mark = ''): boolean {
	const digits = candidate.replace(/\D/g, '').length;
	if (digits < 3 || digits > 20 || otherPrefix.test(candidate)) return false;
	const isMarked = mark.includes('#') || /\p{L}/u.test(mark) || /[-\p{L}]/u.test(candidate);
	// "my order 2025" may be a year and "order 250" a quantity; a number sign or letters make them a number of an order.
	return isMarked || (digits >= 4 && !/^(?:19|20)\d\d$/.test(candidate));
}

function overlaps(a: Span, b: Span): boolean {
	return a.start < b.end && b.start < a.end;
}
