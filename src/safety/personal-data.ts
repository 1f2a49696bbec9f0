import type { Language } from '../language.ts';
import { findKnown, findNames, type KnownPerson } from './names.ts';
import { findNationalIds } from './national-ids.ts';
import { findEmails, findIpAddresses } from './online-identifiers.ts';
import { findCards, findIbans } from './payment-numbers.ts';
import { findPhones } from './phone-numbers.ts';
import { findAddresses } from './postal-addresses.ts';
import type { Span } from './span.ts';

/**
 * Personal data in a text, in order and without overlaps: by rules, checksums and what is known of the requester. Names are
 * found only where the text introduces them or they are known; do not promise more.
 */
export function findPersonalData(text: string, language: Language, known?: KnownPerson): Span[] {
	// What is surest comes first; what overlaps it is dropped or cut short.
	const found = [
		...findEmails(text),
		...findIbans(text),
		...findCards(text),
		...findNationalIds(text),
		...findIpAddresses(text),
		...(known ? findKnown(text, known) : []),
		...findPhones(text, language),
		...findAddresses(text),
		...findNames(text),
	];
	const kept: Span[] = [];
	for (const span of found) kept.push(...outside(span, kept));
	return kept.sort((one, other) => one.start - other.start);
}

/** The text with personal data replaced by its kind in brackets: `[EMAIL]`, `[PHONE]` … */
export function redact(text: string, language: Language, known?: KnownPerson): string {
	let redacted = '';
	let position = 0;
	for (const { start, end, kind } of findPersonalData(text, language, known)) {
		redacted += `${text.slice(position, start)}[${kind}]`;
		position = end;
	}
	return redacted + text.slice(position);
}

/** What of the span no kept one covers. */
function outside(span: Span, kept: readonly Span[]): Span[] {
	let parts = [span];
	for (const other of kept) {
		parts = parts.flatMap(part => {
			if (part.start >= other.end || part.end <= other.start) return [part];
			const pieces: Span[] = [];
			if (part.start < other.start) pieces.push({ ...part, end: other.start });
			if (part.end > other.end) pieces.push({ ...part, start: other.end });
			return pieces;
		});
	}
	// What is left between two finds may be no more than a comma.
	return parts.filter(({ start, end }) => end - start >= Math.min(3, span.end - span.start));
}
