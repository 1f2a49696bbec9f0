import { InvalidArgumentError, Option } from 'commander';
import { pino } from 'pino';
import { defaultTenant, type Engines, localesDirOf, openEngines, openMind, openPolicy } from '../assemble.ts';
import { parseLanguage } from '../commands/knowledge.ts';
import { createOutput, type Output } from '../commands/output.ts';
import { type Environment, readSettings, Settings } from '../config.ts';
import { createDeadLetters, type DeadLetters } from '../dead-letters.ts';
import { createDemoSearch } from '../demo/demo-search.ts';
import type { Audience } from '../knowledge/article.ts';
import { type Candidates, createCandidates } from '../knowledge/candidates.ts';
import { createKnowledge, type Knowledge } from '../knowledge/knowledge.ts';
import { type Language, languages } from '../language.ts';
import type { Logger } from '../log.ts';
import { loadPhrases } from '../phrases.ts';
import { loadConcepts } from '../policy/load-models.ts';
import { logOptions } from '../safety/log-redaction.ts';
import { createThinking, type Thinking } from '../turns/thinking.ts';

/** What every command is given. */
export interface Context {
	env: Environment;
	/** Reads the settings when a command needs them. @throws UnderstudyError where they are not valid. */
	settings(): Settings;
	log: Logger;
	output: Output;
	onProgress(message: string): void;
	tenantId: string;
}

/** Reads no setting but the log's level yet: asking for help works whatever the settings are. */
export function createContext(env: Environment, stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Context {
	const output = createOutput(stdout, stderr);
	const levels = Settings.shape.LOG_LEVEL.removeDefault();
	// A command speaks by itself; a level that is not one is told when the settings are read.
	const log = pino({ ...logOptions, level: levels.safeParse(env.LOG_LEVEL).data ?? 'warn' }, pino.destination(2));
	const settings = () => readSettings(Settings, env);
	return { env, settings, log, output, onProgress: message => output.note(message), tenantId: defaultTenant };
}

/** Parses an argument that is one of the languages. */
export const language = (value: string): Language => {
	const known = parseLanguage(value);
	if (!known) throw new InvalidArgumentError(`One of ${languages.join(', ')}.`);
	return known;
};

/** Parses an argument that is a whole number. */
export const whole = (value: string): number => {
	if (!/^\d+$/.test(value)) throw new InvalidArgumentError('A whole number.');
	return Number(value);
};

/** Parses an argument that says who may see something. */
export const audience = (value: string): Audience => {
	if (value === 'public' || value.startsWith('organization:')) return value as Audience;
	throw new InvalidArgumentError('Either public, or organization:<id>.');
};

/** The option `--json`, the same on every command that has it. */
export const json = () => new Option('--json', 'print JSON, one object a line').default(false);

/** What thinks, on the knowledge of `DATA_DIR` or `DATABASE_URL`; on the demo shop's where there is none yet. */
export async function withThinking(context: Context, use: (thinking: Thinking) => Promise<number>): Promise<number> {
	const mind = await openMind(context.settings(), context.onProgress);
	return withKnowledge(context, async ({ knowledge }) => {
		if (knowledge.search.size === 0) {
			context.output.note('No knowledge has been imported: simulating with the demo shop’s help pages.');
		}
		const index = knowledge.search.size === 0 ? await createDemoSearch(mind.conceptsOf) : knowledge.search;
		return use(createThinking({ ...mind, search: index, phrases: loadPhrases(localesDirOf(context.settings())) }));
	});
}

/** The articles and the candidates of `DATA_DIR` or `DATABASE_URL`, open for as long as `use` takes. */
export async function withKnowledge(
	context: Context,
	use: (deps: { knowledge: Knowledge; candidates: Candidates }) => Promise<number>,
): Promise<number> {
	const { log, tenantId } = context;
	return withEngines(context, async engines => {
		const conceptsOf = await loadConcepts(localesDirOf(context.settings()));
		const { harvest } = openPolicy(context.settings());
		const knowledge = createKnowledge({ ...engines, log, tenantId, conceptsOf });
		await knowledge.follow();
		const done = await use({
			knowledge,
			candidates: createCandidates(engines.database.forTenant(tenantId), knowledge, tenantId, harvest),
		});
		await knowledge.close();
		return done;
	});
}

/** What was given up, open for as long as `use` takes. */
export async function withDeadLetters(
	context: Context,
	use: (deps: { deadLetters: DeadLetters; output: Output }) => Promise<number>,
): Promise<number> {
	const { log, output, tenantId } = context;
	return withEngines(context, ({ database, queue }) =>
		use({ deadLetters: createDeadLetters({ query: database.forTenant(tenantId), queue, log, tenantId }), output }),
	);
}

/** Database and queue, closed after `use` however it ends. */
export async function withEngines(context: Context, use: (engines: Engines) => Promise<number>): Promise<number> {
	const engines = await openEngines(context.settings(), context.log);
	try {
		return await use(engines);
	} finally {
		await engines.close();
	}
}

/** Leaves with the command's status once everything is written. */
export function exit(code: number): void {
	process.exitCode = code;
}
