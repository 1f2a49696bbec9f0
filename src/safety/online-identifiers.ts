import { type Span, spansOf } from './span.ts';

export function findEmails(text: string): Span[] {
	return spansOf(
		text,
		/[\p{L}\p{N}._%+'-]{0,63}[\p{L}\p{N}_%+-]\s?(?:@|\(at\)|\[at\])\s?[\p{L}\p{N}-]{1,63}(?:(?:\.|\s?(?:\(dot\)|\[dot\])\s?)[\p{L}\p{N}-]{1,63}){1,8}/giu,
		'EMAIL',
		found =>
			// "meet me @ 10.30": a space around the sign makes an address only where it is spelled out.
			/\S@\S|\(at\)|\[at\]/iu.test(found),
	);
}

/** IPv4 and IPv6 addresses; four numbers after a word such as "version" are a version. */
export function findIpAddresses(text: string): Span[] {
	const byte = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
	const v4 = new RegExp(`(?<![\\p{L}\\d._-])(?:${byte}\\.){3}${byte}(?![\\d\\p{L}]|\\.\\d)`, 'gu');
	const isVersion =
		/(?:version|versión|versão|build|firmware|release|update|driver|treiber|pilote)[\s:#]*(?:n[o°º]\.?\s*)?$/iu;
	return [
		...spansOf(text, v4, 'IP', (_, start) => !isVersion.test(text.slice(Math.max(0, start - 20), start))),
		...spansOf(text, /(?<![\p{L}\d:.])(?:[\da-f]{1,4}:){7}[\da-f]{1,4}(?![\p{L}\d:])/giu, 'IP'),
		...spansOf(text, /(?<![\p{L}\d:.])(?:[\da-f]{1,4}:){1,6}(?::[\da-f]{1,4}){1,6}(?![\p{L}\d:])/giu, 'IP'),
	];
}
