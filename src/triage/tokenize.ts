/** Folded words; links, addresses and numbers become one token each, because which number it was says nothing of the want. */
export function tokenize(text: string): string[] {
	let plain = fold(text);
	// Most messages have only some of it, and every pass takes its time.
	if (plain.includes("'")) plain = plain.replace(elision, '$1 ');
	if (/:\/\/|www\./.test(plain)) plain = plain.replace(/https?:\/\/\S+|www\.\S+/g, ' §url ');
	if (plain.includes('@')) plain = plain.replace(/\S+@\S+\.\S+/g, ' §mail ');
	if (/\d/.test(plain)) plain = plain.replace(/[\p{L}\p{N}]*\d[\p{L}\p{N}]*/gu, nameOfNumber);
	return plain.match(isBasic.test(plain) ? basicToken : token) ?? [];
}

const token = /§\p{L}+|[\p{L}\d]+(?:'\p{L}+)*|\p{Extended_Pictographic}|[?!$€£%]/gu;
/** The same of what has no other letters: folded, our languages mostly have none. */
const basicToken = /§[a-z]+|[a-z\d]+(?:'[a-z]+)*|[?!$€£%]/g;
const isBasic = /^[\0-\x7f§€£¿¡«»“”„…–—]*$/;

/** "2fa", "3ds" and "24h" are words. */
function nameOfNumber(written: string): string {
	if (written.length > 4) return ' §code ';
	return /^\d+$/.test(written) ? ' §number ' : written;
}

/** Lower case without accents, so that "dévolution", "DEVOLUTION" and "devolution" are one word. */
export function fold(text: string): string {
	if (isAscii.test(text)) return text.replaceAll('`', "'").toLowerCase();
	return text
		.normalize('NFKD')
		.replace(/\p{M}+/gu, '')
		.replace(/ß/g, 'ss')
		.replace(/[’`´]/g, "'")
		.toLowerCase();
}

const isAscii = /^[\0-\x7f]*$/;

/** French "l'ordre", "j'ai", "qu'il": the article is one word, the noun another. */
const elision = /(?<!\p{L})([ldjnsmtc]|qu|jusqu|lorsqu|puisqu)'(?=\p{L})/gu;
