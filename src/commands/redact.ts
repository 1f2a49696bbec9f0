import { z } from 'zod';
import { parseJsonLines } from '../knowledge/json-lines.ts';
import { type Language, languageOfLocale, languages } from '../language.ts';
import { redact } from '../safety/personal-data.ts';
import { type Output, readInput } from './output.ts';

const RedactableLine = z.looseObject({
	text: z.string(),
	language: z.string().nullish(),
	lang: z.string().nullish(),
	requester: z.object({ name: z.string().nullish(), email: z.string().nullish() }).nullish(),
});

/** `redact`: takes personal data out of each line's text; everything else of the line stays. */
export async function redactLines(
	file: string,
	options: { json: boolean; language?: Language },
	{ detectLanguage, output }: { detectLanguage: (text: string) => Language; output: Output },
): Promise<number> {
	const input = await readInput(file);
	if (!options.json) {
		output.line(redact(input.trimEnd(), options.language ?? detectLanguage(input)));
		return 0;
	}
	let read = 0;
	let faults = 0;
	for (const parsed of parseJsonLines(input, RedactableLine)) {
		if ('fault' in parsed) {
			faults++;
			output.note(`line ${parsed.line}: ${parsed.fault}`);
			continue;
		}
		read++;
		const { text, requester, ...rest } = parsed.row;
		const named = languageOfLocale(rest.language ?? rest.lang);
		const language = named ?? options.language ?? detectLanguage(text);
		const known = {
			...(requester?.name ? { name: requester.name } : {}),
			...(requester?.email ? { email: requester.email } : {}),
		};
		output.line(JSON.stringify({ ...rest, text: redact(text, language, known), language }));
	}
	if (faults) output.note(`${faults} lines could not be read and were left out.`);
	if (read + faults === 0)
		output.note(`Nothing came in. Give one JSON object a line, {"text": …}, in: ${languages.join(', ')}.`);
	return read > 0 ? 0 : 1;
}
