import { type Command, Option } from 'commander';
import { redactLines } from '../commands/redact.ts';
import { languages } from '../language.ts';
import { loadLanguageDetector } from '../triage/detect-language.ts';
import { type Context, exit, json, language } from './context.ts';

/** Adds `redact`. */
export function addRedactCommand(program: Command, { output }: Context): void {
	program
		.command('redact')
		.description('take personal data out of text; names only where they are known or cued')
		.argument('[file]', 'JSONL of {text, language?, requester?}, or plain text; standard input unless said', '-')
		.addOption(new Option('--language <language>', languages.join(', ')).argParser(language))
		.addOption(json())
		.action(async (file, options) => {
			const detect = await loadLanguageDetector();
			exit(await redactLines(file, options, { detectLanguage: text => detect(text).language, output }));
		});
}
