/** Folded words; links, addresses and numbers become one token each, because which number it was says nothing of the want. */
export function tokenize(text: string): string[] {
	return (
		fold(text)
			.replace(elision, '$1 ')
			.replace(/https?:\/\/\S+|www\.\S+/g, ' §url ')
			.replace(/\S+@\S+\.\S+/g, ' §mail ')
			.replace(/[\p{L}\p{N}]*\d[\p{L}\p{N}]*/gu, nameOfNumber)
			.match(/§\p{L}+|[\p{L}\d]+(?:'\p{L}+)*|\p{Extended_Pictographic}|[?!$€£%]/gu) ?? []
	);
}

/** "2fa", "3ds" and "24h" are words. */
function nameOfNumber(written: string): string {
	if (written.length > 4) return ' §code ';
	return /^\d+$/.test(written) ? ' §number ' : written;
}

/** Lower case without accents, so that "dévolution", "DEVOLUTION" and "devolution" are one word. */
export function fold(text: string): string {
	return text
		.normalize('NFKD')
		.replace(/\p{M}+/gu, '')
		.replace(/ß/g, 'ss')
		.replace(/[’`´]/g, "'")
		.toLowerCase();
}

/** French "l'ordre", "j'ai", "qu'il": the article is one word, the noun another. */
const elision = /(?<!\p{L})([ldjnsmtc]|qu|jusqu|lorsqu|puisqu)'(?=\p{L})/gu;
