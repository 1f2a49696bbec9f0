/** What kind of personal data a stretch of text is; also the word that replaces it. */
export type PersonalDataKind = 'EMAIL' | 'PHONE' | 'CARD' | 'IBAN' | 'NATIONAL_ID' | 'IP' | 'ADDRESS' | 'NAME';

/** A stretch of text, `end` exclusive, in UTF-16 units. */
export interface Span {
	start: number;
	end: number;
	kind: PersonalDataKind;
}

/** Every match of the pattern (which must be global) as a span, where `isReal` agrees. */
export function spansOf(
	text: string,
	pattern: RegExp,
	kind: PersonalDataKind,
	isReal: (match: string, start: number) => boolean = () => true,
): Span[] {
	const spans: Span[] = [];
	for (const match of text.matchAll(pattern)) {
		// With a group, the group is what is personal and the rest is what tells so.
		const found = match[1] ?? match[0];
		const start = match.index + match[0].lastIndexOf(found);
		if (isReal(found, start)) spans.push({ start, end: start + found.length, kind });
	}
	return spans;
}

export function digitsOf(text: string): string {
	return text.replace(/\D/gu, '');
}
