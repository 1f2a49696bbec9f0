import { z } from 'zod';
import { readTextFile } from '../knowledge/read-text-file.ts';
import { languages } from '../language.ts';
import { findPersonalData } from './personal-data.ts';
import { digitsOf } from './span.ts';

/** How well personal data is found; percent of what a marked set of tickets holds. */
export interface RedactionFigures {
	tickets: number;
	/** By kind: of the marked values, how many are wholly hidden. */
	recall: Record<string, number>;
	/** Of the marked order numbers, dates, amounts and versions, how many were touched. */
	decoysDamaged: number;
	/** The marked values that were not hidden, for whoever tunes the rules. */
	missed: { kind: string; value: string; text: string }[];
	damaged: { decoy: string; text: string }[];
}

const kinds: Record<string, string> = {
	P: 'name',
	T: 'phone',
	E: 'email',
	K: 'card',
	A: 'address',
	I: 'iban',
	IP: 'ip',
	N: 'nationalId',
};

const Ticket = z.object({
	lang: z.enum(languages),
	text: z.string(),
	/** Marked values as `[kind, value]`, kinds as in `kinds`. */
	ents: z.array(z.tuple([z.string(), z.string()])),
	decoys: z.array(z.string()),
	requester: z.object({ name: z.string(), email: z.string() }).partial().optional(),
});

/** Redacts the tickets of a JSON file, with the requester known unless told otherwise. Throws for a file of another form. */
export async function evaluateRedaction(path: string, { isRequesterKnown = true } = {}): Promise<RedactionFigures> {
	const read = await readTextFile(path);
	if ('fault' in read) throw new Error(`${path}: ${read.fault}`);
	const tickets = z.array(Ticket).parse(JSON.parse(read.text));
	const marked: Record<string, { all: number; hidden: number }> = {};
	const missed: RedactionFigures['missed'] = [];
	const damaged: RedactionFigures['damaged'] = [];
	let decoys = 0;
	for (const { lang, text, ents, decoys: kept, requester } of tickets) {
		const spans = findPersonalData(text, lang, isRequesterKnown ? requester : undefined);
		let redacted = text;
		for (const { start, end } of spans.toReversed()) redacted = `${redacted.slice(0, start)}[…]${redacted.slice(end)}`;
		for (const [code, value] of ents) {
			const kind = kinds[code] ?? code;
			marked[kind] ??= { all: 0, hidden: 0 };
			marked[kind].all++;
			if (leaks(redacted, value, kind)) missed.push({ kind, value, text });
			else marked[kind].hidden++;
		}
		for (const decoy of kept) {
			decoys++;
			if (!redacted.includes(decoy)) damaged.push({ decoy, text });
		}
	}
	const percent = (part: number, whole: number) => (whole ? Number(((100 * part) / whole).toFixed(1)) : 0);
	return {
		tickets: tickets.length,
		recall: Object.fromEntries(Object.entries(marked).map(([kind, { all, hidden }]) => [kind, percent(hidden, all)])),
		decoysDamaged: percent(damaged.length, decoys),
		missed,
		damaged,
	};
}

/** A number leaks where half its digits stand together, an address where its street does, anything else where a word does. */
function leaks(redacted: string, value: string, kind: string): boolean {
	if (redacted.includes(value)) return true;
	const digits = digitsOf(value);
	if (kind === 'address') return redacted.includes(value.split(',')[0] ?? value);
	if (kind === 'name') return value.split(/\s+/u).some(part => part.length > 2 && redacted.includes(part));
	if (kind === 'email' || digits.length < 6) return false;
	return digitsOf(redacted).includes(digits.slice(0, Math.ceil(digits.length / 2)));
}
