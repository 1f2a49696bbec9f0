import { type Command, Option } from 'commander';
import {
	discardCandidate,
	importArticles,
	listCandidates,
	publishCandidate,
	retireArticle,
	search,
} from '../commands/knowledge.ts';
import { simulate } from '../commands/simulate.ts';
import { languages } from '../language.ts';
import { loadLanguageDetector } from '../triage/detect-language.ts';
import { audience, type Context, exit, json, language, whole, withKnowledge, withThinking } from './context.ts';

/** Adds `simulate`, `import`, `search`, `candidates` and `articles`: what is known, and what would be made of it. */
export function addKnowledgeCommands(program: Command, context: Context): void {
	const { output, tenantId } = context;
	program
		.command('simulate')
		.description('tell what would be done with messages; stores and sends nothing')
		.argument('<file>', 'JSONL of {id, text, subject?, locale?, requester?}; - for standard input')
		.addOption(json())
		.action(async (file, options) =>
			exit(await withThinking(context, thinking => simulate(file, options, { thinking, output }))),
		);

	program
		.command('import')
		.description('bring in knowledge: Markdown, HTML or JSONL {id, title, text, language?, category?, audience?}')
		.argument('<path>', 'a file, or a folder with everything below it')
		.addOption(json())
		.action(async (path, options) => {
			const detect = await loadLanguageDetector();
			const detectLanguage = (text: string) => detect(text).language;
			const done = await withKnowledge(context, ({ knowledge }) =>
				importArticles(path, options, { knowledge, output, tenantId, detectLanguage }),
			);
			exit(done);
		});

	program
		.command('search')
		.description('the passages that a customer’s question would find')
		.argument('<query>')
		.addOption(new Option('--language <language>', languages.join(', ')).argParser(language).default('en'))
		.addOption(new Option('--limit <n>', 'how many passages').argParser(whole).default(5))
		.addOption(new Option('--audience <audience>', 'also what only this organisation may see').argParser(audience))
		.option('--category <category...>', 'only these categories')
		.addOption(json())
		.action(async (query, options) =>
			exit(
				await withKnowledge(context, async ({ knowledge }) =>
					search(query, options, { index: knowledge.search, output }),
				),
			),
		);

	const candidates = program.command('candidates').description('answers of agents that wait to become knowledge');
	candidates
		.command('list')
		.description('what was harvested from solved tickets')
		.addOption(new Option('--state <state>').choices(['staged', 'published', 'joined', 'discarded']))
		.addOption(json())
		.action(async options => exit(await withKnowledge(context, deps => listCandidates(options, { ...deps, output }))));
	candidates
		.command('publish')
		.description('make an article of a candidate')
		.argument('<id>')
		.addOption(
			new Option('--audience <audience>', 'public, or organization:<id>; as harvested unless said').argParser(audience),
		)
		.action(async (id, options) =>
			exit(await withKnowledge(context, deps => publishCandidate(id, options, { ...deps, output, tenantId }))),
		);
	candidates
		.command('discard')
		.description('turn a candidate down')
		.argument('<id>')
		.option('--reason <reason>', 'why', 'discarded by hand')
		.action(async (id, options) =>
			exit(await withKnowledge(context, deps => discardCandidate(id, options, { ...deps, output }))),
		);

	program
		.command('articles')
		.description('what the assistant knows')
		.command('retire')
		.description('take an article out of every search')
		.argument('<id>')
		.action(async id => exit(await withKnowledge(context, deps => retireArticle(id, { ...deps, output, tenantId }))));
}
