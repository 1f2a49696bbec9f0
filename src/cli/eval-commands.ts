import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { localesDirOf, openMind, root } from '../assemble.ts';
import {
	evalConfidence,
	evalDecisions,
	evalIntents,
	evalLanguage,
	evalRedaction,
	evalRetrieval,
} from '../commands/evals.ts';
import { createDemoSearch } from '../demo/demo-search.ts';
import { languages } from '../language.ts';
import { loadPhrases } from '../phrases.ts';
import { createThinking } from '../turns/thinking.ts';
import { type Context, exit, json, language } from './context.ts';

/** Adds `eval` and what it measures. */
export function addEvalCommands(program: Command, context: Context): void {
	const { output } = context;
	const evals = program.command('eval').description('measure how good the parts are');
	evals
		.command('retrieval')
		.description('does search find the right document?')
		.requiredOption('--docs <file>', 'JSONL of {id, title, text}')
		.requiredOption('--queries <file>', 'JSONL of {q, doc}')
		.addOption(new Option('--language <language>', languages.join(', ')).argParser(language).makeOptionMandatory())
		.addOption(json())
		.action(async options => exit(await evalRetrieval(options, options, output)));
	evals
		.command('intents')
		.description('how well does the classifier learn?')
		.requiredOption('--train <file>', 'CSV of text,label, or JSONL')
		.requiredOption('--test <file>', 'the same, kept apart')
		.addOption(json())
		.action(async options =>
			exit(await evalIntents(options, options, { output, localesDir: localesDirOf(context.settings()) })),
		);
	evals
		.command('language')
		.description('is the language told from the text alone?')
		.argument('<file>', 'CSV of text,label with the language as label, or JSONL')
		.addOption(json())
		.action(async (file, options) => exit(await evalLanguage(file, options, output)));
	evals
		.command('redaction')
		.description('is personal data found, and everything else left alone?')
		.argument(
			'<file>',
			'JSON array of {lang, text, ents: [[kind, value]], decoys: [value]}: personal data marked, and what only looks like it',
		)
		.addOption(json())
		.action(async (file, options) => exit(await evalRedaction(file, options, output)));
	evals
		.command('confidence')
		.description('does a confidence of 0.9 mean right nine times in ten?')
		.argument('[folder]', '<language>.yaml of {text, article}, not fitted on', join(root, 'test/evals'))
		.addOption(json())
		.action(async (folder, options) => {
			exit(
				await evalConfidence(folder, options, { ...(await openMind(context.settings(), context.onProgress)), output }),
			);
		});

	evals
		.command('decisions')
		.description('what would be done with messages that nobody here has seen?')
		.argument('[folder]', '<language>.yaml of messages by what they are', join(root, 'test/evals'))
		.addOption(json())
		.action(async (folder, options) => {
			const mind = await openMind(context.settings(), context.onProgress);
			const search = await createDemoSearch(mind.conceptsOf);
			const thinking = createThinking({ ...mind, search, phrases: loadPhrases(localesDirOf(context.settings())) });
			exit(await evalDecisions(folder, options, { thinking, output }));
		});
}
