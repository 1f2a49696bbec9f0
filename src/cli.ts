import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { Command, InvalidArgumentError, Option } from 'commander';
import { pino } from 'pino';
import { assemble, type Engines, localesDir, openEngines, openMind, root } from './assemble.ts';
import { type AuditVerdict, verifyAudit } from './audit-chain.ts';
import { runDemo, takeTickets, tellSummary } from './commands/demo.ts';
import {
	evalConfidence,
	evalDecisions,
	evalIntents,
	evalLanguage,
	evalRedaction,
	evalRetrieval,
} from './commands/evals.ts';
import {
	discardCandidate,
	importArticles,
	listCandidates,
	parseLanguage,
	publishCandidate,
	retireArticle,
	search,
} from './commands/knowledge.ts';
import { listDeadLetters, parseAnchor, retryDeadLetters, tellAudit, tellMigrations } from './commands/operate.ts';
import { createOutput, type Output } from './commands/output.ts';
import { redactLines } from './commands/redact.ts';
import { simulate } from './commands/simulate.ts';
import { readSettings, Settings } from './config.ts';
import { createDeadLetters, type DeadLetters } from './dead-letters.ts';
import { createDemoSearch } from './demo/demo-search.ts';
import { createZendeskSandbox } from './demo/zendesk/sandbox.ts';
import { understudyMacros } from './demo/zendesk/understudy-macros.ts';
import { isUnderstudyError } from './errors.ts';
import type { Audience } from './knowledge/article.ts';
import { createCandidates } from './knowledge/candidates.ts';
import { createKnowledge } from './knowledge/knowledge.ts';
import { type Language, languages } from './language.ts';
import { loadPhrases } from './phrases.ts';
import { loadConcepts } from './policy/load-models.ts';
import { logOptions } from './safety/log-redaction.ts';
import { createThinking } from './thinking.ts';
import { loadLanguageDetector } from './triage/detect-language.ts';

const output = createOutput(process.stdout, process.stderr);
const levels = Settings.shape.LOG_LEVEL.removeDefault();
// A command speaks by itself; a level that is not one is told when the settings are read.
const log = pino({ ...logOptions, level: levels.safeParse(process.env.LOG_LEVEL).data ?? 'warn' }, pino.destination(2));
const tenantId = 'default';
const settings = () => readSettings(Settings, process.env);
const onProgress = (message: string) => output.note(message);

const language = (value: string): Language => {
	const known = parseLanguage(value);
	if (!known) throw new InvalidArgumentError(`One of ${languages.join(', ')}.`);
	return known;
};
const whole = (value: string): number => {
	if (!/^\d+$/.test(value)) throw new InvalidArgumentError('A whole number.');
	return Number(value);
};
const audience = (value: string): Audience => {
	if (value === 'public' || value.startsWith('organization:')) return value as Audience;
	throw new InvalidArgumentError('Either public, or organization:<id>.');
};
const anchors = (value: string, before: AuditVerdict['heads']): AuditVerdict['heads'] => {
	const anchor = parseAnchor(value);
	if (!anchor) throw new InvalidArgumentError('As `audit verify` prints it: tenant:number:hash.');
	return [...before, anchor];
};
const json = () => new Option('--json', 'print JSON, one object a line').default(false);

const program = new Command('understudy')
	.description('A self-hosted AI support agent for the helpdesk you already have.')
	.helpCommand(false)
	.showHelpAfterError('(add --help for what it takes)');

program
	.command('demo')
	.description('play a day of a small shop against a local Zendesk, then take tickets of yours')
	.option('--once', 'stop when the day is over')
	.addOption(new Option('--port <port>', 'where the local Zendesk shows itself').argParser(whole))
	.addOption(json().default(false, 'no'))
	.action(async options => exit(await demo(options)));

program
	.command('migrate')
	.description('bring the database up to date; every start does it as well')
	.addOption(json())
	.action(async options => exit(await withEngines(async ({ migrated }) => tellMigrations(migrated, options, output))));

program
	.command('audit')
	.description('the trail of what was decided and done')
	.command('verify')
	.description('is it whole? names every entry that was changed, removed, moved or slipped in')
	.addOption(new Option('--anchor <tenant:number:hash>', 'a seal noted before').argParser(anchors).default([]))
	.addOption(json())
	.action(async options =>
		exit(
			await withEngines(async ({ database: { query } }) =>
				tellAudit(await verifyAudit(query, options.anchor), options, output),
			),
		),
	);

const deadletters = program.command('deadletters').description('work that keeps failing for a reason of its own');
deadletters
	.command('list')
	.description('what was given up, and why')
	.addOption(json())
	.action(async options => exit(await withDeadLetters(deps => listDeadLetters(options, deps))));
deadletters
	.command('retry')
	.description('take it up again')
	.argument('[id]', 'as the list shows it')
	.option('--all', 'everything that was given up', false)
	.addOption(json())
	.action(async (id, options) => exit(await withDeadLetters(deps => retryDeadLetters(id, options, deps))));

program
	.command('simulate')
	.description('tell what would be done with messages; stores and sends nothing')
	.argument('<file>', 'JSONL of {id, text, subject?, locale?, requester?}; - for standard input')
	.addOption(json())
	.action(async (file, options) => exit(await withThinking(thinking => simulate(file, options, { thinking, output }))));

program
	.command('import')
	.description('bring in knowledge: Markdown, HTML or JSONL {id, title, text, language?, category?, audience?}')
	.argument('<path>', 'a file, or a folder with everything below it')
	.addOption(json())
	.action(async (path, options) => {
		const detect = await loadLanguageDetector();
		const detectLanguage = (text: string) => detect(text).language;
		const done = await withKnowledge(({ knowledge }) =>
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
		exit(await withKnowledge(async ({ knowledge }) => search(query, options, { index: knowledge.search, output }))),
	);

const candidates = program.command('candidates').description('answers of agents that wait to become knowledge');
candidates
	.command('list')
	.description('what was harvested from solved tickets')
	.addOption(new Option('--state <state>').choices(['staged', 'published', 'joined', 'discarded']))
	.addOption(json())
	.action(async options => exit(await withKnowledge(deps => listCandidates(options, { ...deps, output }))));
candidates
	.command('publish')
	.description('make an article of a candidate')
	.argument('<id>')
	.addOption(
		new Option('--audience <audience>', 'public, or organization:<id>; as harvested unless said').argParser(audience),
	)
	.action(async (id, options) =>
		exit(await withKnowledge(deps => publishCandidate(id, options, { ...deps, output, tenantId }))),
	);
candidates
	.command('discard')
	.description('turn a candidate down')
	.argument('<id>')
	.option('--reason <reason>', 'why', 'discarded by hand')
	.action(async (id, options) => exit(await withKnowledge(deps => discardCandidate(id, options, { ...deps, output }))));

program
	.command('articles')
	.description('what the assistant knows')
	.command('retire')
	.description('take an article out of every search')
	.argument('<id>')
	.action(async id => exit(await withKnowledge(deps => retireArticle(id, { ...deps, output, tenantId }))));

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
	.action(async options => exit(await evalIntents(options, options, { output, localesDir })));
evals
	.command('language')
	.description('is the language told from the text alone?')
	.argument('<file>', 'CSV of text,label with the language as label, or JSONL')
	.addOption(json())
	.action(async (file, options) => exit(await evalLanguage(file, options, output)));
evals
	.command('redaction')
	.description('is personal data found, and everything else left alone?')
	.argument('<file>', 'JSON of texts with their marked personal data and decoys')
	.addOption(json())
	.action(async (file, options) => exit(await evalRedaction(file, options, output)));
evals
	.command('confidence')
	.description('does a confidence of 0.9 mean right nine times in ten?')
	.argument('[folder]', '<language>.yaml of {text, article}, not fitted on', join(root, 'test/evals'))
	.addOption(json())
	.action(async (folder, options) => {
		exit(await evalConfidence(folder, options, { ...(await openMind(settings(), onProgress)), output }));
	});

evals
	.command('decisions')
	.description('what would be done with messages that nobody here has seen?')
	.argument('[folder]', '<language>.yaml of messages by what they are', join(root, 'test/evals'))
	.addOption(json())
	.action(async (folder, options) => {
		const mind = await openMind(settings(), onProgress);
		const search = await createDemoSearch(mind.conceptsOf);
		const thinking = createThinking({ ...mind, search, phrases: loadPhrases(localesDir) });
		exit(await evalDecisions(folder, options, { thinking, output }));
	});

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

async function demo(options: { once?: boolean; json: boolean; port?: number }): Promise<number> {
	const startedAt = performance.now();
	const sandbox = await createZendeskSandbox({
		port: options.port ?? (options.once ? 0 : 4010),
		rateLimits: false,
		seed: { macros: understudyMacros },
	});
	const secret = randomUUID();
	const understudy = await assemble(
		{
			...process.env,
			DATABASE_URL: undefined,
			SETTLE_MS: process.env.SETTLE_MS ?? '100',
			ZENDESK_URL: sandbox.url,
			ZENDESK_CLIENT_ID: sandbox.credentials.clientId,
			ZENDESK_CLIENT_SECRET: sandbox.credentials.clientSecret,
			ZENDESK_WEBHOOK_SECRET: secret,
		},
		log,
		{ memory: true, onProgress },
	);
	const server = serve({ fetch: understudy.product.http.fetch, port: 0, hostname: '127.0.0.1' });
	await new Promise(resolve => server.once('listening', resolve));
	const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/zendesk`;
	const subscriptions = ['comment_added', 'status_changed', 'tags_changed'].map(
		name => `zen:event-type:ticket.${name}`,
	);
	sandbox.addWebhook({ endpoint, subscriptions, secret });
	await understudy.zendesk.connect();
	await understudy.work();

	const { knowledge, candidates: harvested } = understudy.product;
	const deps = { sandbox, query: understudy.database.query, knowledge, candidates: harvested, output, startedAt };
	const summary = await runDemo(deps);
	tellSummary(summary, output);
	if (!options.once) {
		output.note(
			`\nLook around: ${sandbox.viewUrl} (every ticket, with the internal notes; you can play the agent there).`,
		);
		output.note('Or write a ticket here, in any of the five languages. Ctrl-D ends the demo.');
		await takeTickets(deps);
	}
	server.close();
	await understudy.close();
	await sandbox.close();
	if (options.json) output.line(JSON.stringify(summary));
	return 0;
}

/** What thinks, on the knowledge of `DATA_DIR` or `DATABASE_URL`; on the demo shop's where there is none yet. */
async function withThinking(use: (thinking: ReturnType<typeof createThinking>) => Promise<number>): Promise<number> {
	const mind = await openMind(settings(), onProgress);
	return withKnowledge(async ({ knowledge }) => {
		if (knowledge.search.size === 0) {
			output.note('No knowledge has been imported: simulating with the demo shop’s help pages.');
		}
		const index = knowledge.search.size === 0 ? await createDemoSearch(mind.conceptsOf) : knowledge.search;
		return use(createThinking({ ...mind, search: index, phrases: loadPhrases(localesDir) }));
	});
}

async function withKnowledge(
	use: (deps: {
		knowledge: ReturnType<typeof createKnowledge>;
		candidates: ReturnType<typeof createCandidates>;
	}) => Promise<number>,
): Promise<number> {
	return withEngines(async engines => {
		const conceptsOf = await loadConcepts(localesDir);
		const knowledge = createKnowledge({ ...engines, log, tenantId, conceptsOf });
		await knowledge.follow();
		const done = await use({ knowledge, candidates: createCandidates(engines.database.query, knowledge, tenantId) });
		await knowledge.close();
		return done;
	});
}

async function withDeadLetters(
	use: (deps: { deadLetters: DeadLetters; output: Output }) => Promise<number>,
): Promise<number> {
	return withEngines(({ database: { query }, queue }) =>
		use({ deadLetters: createDeadLetters({ query, queue, log, tenantId }), output }),
	);
}

async function withEngines(use: (engines: Engines) => Promise<number>): Promise<number> {
	const engines = await openEngines(settings(), log);
	try {
		return await use(engines);
	} finally {
		await engines.close();
	}
}

/** Leaves with the command's status once everything is written. */
function exit(code: number): void {
	process.exitCode = code;
}

try {
	await program.parseAsync();
} catch (error) {
	if (!isUnderstudyError(error)) throw error;
	output.note(error.message);
	process.exitCode = 1;
}
