import { convert } from 'html-to-text';
import { removeQuotedMail, unquote } from './quoted-mail.ts';
import { readable } from './readable.ts';
import { removeBoilerplate, removeContactLines } from './signature.ts';

/**
 * The customer's own words of a raw message, plain or HTML: quoted mail, signatures, device lines and legal notices taken off.
 * A step that would leave no words is undone, so the result has words whenever the message had any.
 */
export function stripMessage(message: string): string {
	const raw = readable(message);
	const plain = normalizeLines(isHtml(raw) ? htmlToText(raw) : raw);
	const steps = [removeQuotedMail, removeBoilerplate, removeContactLines];
	let text = plain;
	for (const step of steps) {
		const stripped = normalizeLines(step(text));
		if (hasWords(stripped)) text = stripped;
		// All of it was quoted or forwarded: then what is inside is what the customer wants read.
		else if (step === removeQuotedMail) text = normalizeLines(unquote(text)) || text;
	}
	return text;
}

const htmlTag =
	/<(?:!doctype|html|head|body|div|p|br|span|table|tr|td|blockquote|a|b|i|em|strong|ul|ol|li|font|h[1-6]|pre|hr|img)\b[^>]*>/i;

function isHtml(raw: string): boolean {
	return htmlTag.test(raw);
}

/** Links become their text: the address says nothing of the want. Input beyond a megabyte is cut. */
function htmlToText(html: string): string {
	return convert(html, {
		wordwrap: false,
		limits: { maxInputLength: 1_000_000, maxDepth: 200 },
		selectors: [
			{ selector: 'a', options: { ignoreHref: true } },
			{ selector: 'img', format: 'skip' },
			{ selector: 'h1', options: { uppercase: false } },
			{ selector: 'h2', options: { uppercase: false } },
			{ selector: 'h3', options: { uppercase: false } },
			{ selector: 'h4', options: { uppercase: false } },
			{ selector: 'h5', options: { uppercase: false } },
			{ selector: 'h6', options: { uppercase: false } },
			{ selector: 'table', options: { uppercaseHeaderCells: false } },
			{ selector: 'ul', options: { itemPrefix: '- ' } },
		],
	});
}

function hasWords(text: string): boolean {
	return /[\p{L}\p{N}]/u.test(text);
}

function normalizeLines(text: string): string {
	return text
		.replace(/\r\n?/g, '\n')
		.replace(/[\u200b-\u200d\u2060\ufeff](?!\p{Extended_Pictographic})/gu, '')
		.replace(/[ \t\u00a0]+$/gm, '')
		.replace(/\n{3,}/g, '\n\n')
		.trim();
}
