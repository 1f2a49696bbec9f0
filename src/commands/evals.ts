import { join } from 'node:path';
import { parse } from 'yaml';
import { createDemoSearch } from '../demo/demo-search.ts';
import { type LabelledQuestion, parseQuestions } from '../demo/shop.ts';
import { UnderstudyError } from '../errors.ts';
import { evaluateRetrieval } from '../knowledge/evaluate-retrieval.ts';
import { type Language, languages } from '../language.ts';
import { evaluateConfidence } from '../policy/evaluate-confidence.ts';
import { type DecisionFigures, evaluateDecisions, UnseenMessages } from '../policy/evaluate-decisions.ts';
import { labelAnswers } from '../policy/label-answers.ts';
import type { Models } from '../policy/load-models.ts';
import type { Policy } from '../policy/policy.ts';
import { evaluateRedaction } from '../safety/evaluate-redaction.ts';
import type { Example } from '../triage/classifier.ts';
import { loadLanguageDetector } from '../triage/detect-language.ts';
import { evaluateIntents } from '../triage/evaluate-intents.ts';
import { evaluateLanguage } from '../triage/evaluate-language.ts';
import { parseExamplesCsv, parseExamplesJsonl } from '../triage/examples-csv.ts';
import { loadReader } from '../triage/reader.ts';
import type { Thinking } from '../turns/thinking.ts';
import { type Output, readInput, round } from './output.ts';

/** An eval prints a table for a person, or with `--json` its figures as the last line. */
export interface EvalOptions {
	json: boolean;
}

/** `eval retrieval`: does search find the right document? */
export async function evalRetrieval(
	files: { docs: string; queries: string; language: Language },
	options: EvalOptions,
	output: Output,
): Promise<number> {
	const figures = await evaluateRetrieval(files);
	return report(`retrieval, ${files.language}`, rounded(figures), options, output);
}

/** `eval intents`: how well does the classifier learn one set and hold on another? */
export async function evalIntents(
	files: { train: string; test: string },
	options: EvalOptions,
	{ output, localesDir }: { output: Output; localesDir: string },
): Promise<number> {
	const [train, test] = await Promise.all([readExamples(files.train), readExamples(files.test)]);
	const language = await mainLanguage(train);
	const inLanguage = (examples: Example[]) => examples.map(example => ({ language, ...example }));
	const reader = await loadReader(localesDir);
	output.note(`training on ${train.length} examples, testing on ${test.length} …`);
	const { accuracy, ...figures } = evaluateIntents(inLanguage(train), inLanguage(test), { reader });
	return report('intents', rounded({ accuracy: 100 * accuracy, ...figures }), options, output);
}

/** `eval language`: is the language told from the text alone? Examples whose label is the language. */
export async function evalLanguage(file: string, options: EvalOptions, output: Output): Promise<number> {
	const { accuracy, accuracyByLanguage, detectMs } = evaluateLanguage(
		await loadLanguageDetector(),
		await readExamples(file),
	);
	const perLanguage = Object.entries(accuracyByLanguage).map(([language, share]) => [language, 100 * (share ?? 0)]);
	return report(
		'language',
		rounded({ accuracy: 100 * accuracy, ...Object.fromEntries(perLanguage), detectMs }),
		options,
		output,
	);
}

/** `eval redaction`: is personal data found, and everything else left alone? */
export async function evalRedaction(file: string, options: EvalOptions, output: Output): Promise<number> {
	return report('redaction', await evaluateRedaction(file), options, output);
}

/** `eval confidence`: does a confidence of 0.9 mean right nine times in ten, on questions that were not fitted on? */
export async function evalConfidence(
	folder: string,
	options: EvalOptions,
	deps: Models & { policy: Policy; output: Output },
): Promise<number> {
	const questions = (await Promise.all(languages.map(language => readUnseen(folder, language)))).flat();
	const answers = labelAnswers(questions, { ...deps, search: await createDemoSearch(deps.conceptsOf) });
	const figures = evaluateConfidence(answers, deps.confidence, deps.policy.confidence.alone);
	return report('confidence', rounded({ questions: questions.length, ...figures }), options, deps.output);
}

/** `eval decisions`: what would be done with messages nobody here has seen? A table, a line a language. */
export async function evalDecisions(
	folder: string,
	options: EvalOptions,
	{ thinking, output }: { thinking: Thinking; output: Output },
): Promise<number> {
	const rows: Record<string, DecisionFigures> = {};
	for (const language of languages) {
		const content = parse(await readInput(join(folder, `${language}.yaml`)));
		rows[language] = await evaluateDecisions(UnseenMessages.parse(content), language, thinking);
	}
	const figures = Object.values(rows);
	const names = Object.keys(figures[0] ?? {}) as (keyof DecisionFigures)[];
	const mean = (name: keyof DecisionFigures) => figures.reduce((sum, row) => sum + row[name], 0) / figures.length;
	const all = Object.fromEntries(names.map(name => [name, round(mean(name), 1)]));
	if (options.json) {
		output.line(JSON.stringify({ ...all, languages: rows }));
		return 0;
	}
	output.line(`${''.padEnd(24)}${[...languages, 'mean'].map(name => name.padStart(7)).join('')}`);
	for (const name of names) {
		const cells = [...figures.map(row => row[name]), mean(name)].map(value => round(value, 1).toFixed(1).padStart(7));
		output.line(name.padEnd(24) + cells.join(''));
	}
	return 0;
}

/** `confidence` and `tickets` of `<folder>/<language>.yaml`. */
async function readUnseen(folder: string, language: Language): Promise<LabelledQuestion[]> {
	const content = parse(await readInput(join(folder, `${language}.yaml`))) as Record<string, unknown[] | undefined>;
	return parseQuestions([...(content.confidence ?? []), ...(content.tickets ?? [])], language);
}

/** The language that most of the first examples are in: whose concepts the classifier may use. */
async function mainLanguage(examples: readonly Example[]): Promise<Language> {
	const detect = await loadLanguageDetector();
	const detected = examples.slice(0, 200).map(({ text }) => detect(text).language);
	const count = (language: Language) => detected.filter(one => one === language).length;
	return languages.reduce((most, language) => (count(language) > count(most) ? language : most));
}

async function readExamples(file: string) {
	const content = await readInput(file);
	const examples = /\.jsonl?$/i.test(file) ? parseExamplesJsonl(content) : parseExamplesCsv(content);
	if (examples.length > 0) return examples;
	throw new UnderstudyError(
		'INPUT_INVALID',
		`${file} holds no examples: CSV with the columns text,label, or JSONL of {"text": …, "label": …}.`,
	);
}

function rounded(figures: Record<string, number> | object): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(figures).map(([name, value]) => [name, typeof value === 'number' ? round(value, 3) : value]),
	);
}

function report(title: string, figures: object, { json }: EvalOptions, output: Output): number {
	if (json) {
		output.line(JSON.stringify(figures));
		return 0;
	}
	output.line(title);
	for (const [name, value] of Object.entries(figures)) {
		output.line(`  ${name.padEnd(20)} ${typeof value === 'object' ? JSON.stringify(value) : value}`);
	}
	return 0;
}
