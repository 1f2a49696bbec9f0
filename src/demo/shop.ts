import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { rejectReasons } from '../conversation.ts';
import { type Language, languages } from '../language.ts';

/** Northbean, the shop of the demo: its tickets and the questions that its knowledge is measured by. */
const here = import.meta.dirname;

/** What the shop sells: names that a message may hold. */
export const products = [
	'Fjord Kettle',
	'Moor Grinder',
	'Fell Scale',
	'Glow Mug',
	'Tarn Filter',
	'Harbour Blend',
	'Dawn Decaf',
	'Northbean Club',
];

/** The folder of the shop's help pages, `<language>/<slug>.md`. */
export const articlesDir = join(here, 'articles');

export const DemoTicket = z.strictObject({
	id: z.string(),
	requester: z.strictObject({
		name: z.string(),
		email: z.email(),
		locale: z.string(),
		organization: z.string().exactOptional(),
	}),
	subject: z.string(),
	text: z.string(),
	/** What the same customer writes later. */
	follow_ups: z.array(z.string()).exactOptional(),
	/** What a good assistant does with it. */
	expect: z.enum(['answered', 'drafted', 'handed_over']),
	/** What the agent does with the draft, or with the ticket. */
	agent: z.enum(['approve', 'edit', 'reject', 'solve']).exactOptional(),
	edited: z.string().exactOptional(),
	reject_reason: z.enum(rejectReasons).exactOptional(),
	agent_reply: z.string().exactOptional(),
	/** The solved ticket whose answer this one must be answered with. */
	teaches: z.string().exactOptional(),
});
export type DemoTicket = z.infer<typeof DemoTicket> & { language: Language };

/** Every ticket of the story, per language in the order of the file. */
export function readTickets(): DemoTicket[] {
	return languages.flatMap(language => {
		const tickets = z.array(DemoTicket).parse(readYaml(join(here, 'tickets', `${language}.yaml`)));
		return tickets.map(ticket => ({ ...ticket, language }));
	});
}

/** A customer's question and the articles that answer it rightly; none where no article does. */
export interface LabelledQuestion {
	language: Language;
	text: string;
	/** Article ids. */
	articles: string[];
}

const QuestionFile = z.array(
	z.object({ text: z.string(), article: z.string().nullable(), also: z.array(z.string()).optional() }),
);

/** Questions about the shop's knowledge. The demo's own fit the confidence; others, kept apart, measure it. */
export function readQuestions(
	file: string,
	language: Language,
	pick = (content: unknown) => content,
): LabelledQuestion[] {
	return QuestionFile.parse(pick(readYaml(file))).map(({ text, article, also = [] }) => ({
		language,
		text,
		articles: article === null ? [] : [article, ...also].map(slug => articleId(language, slug)),
	}));
}

/** The labelled questions that the confidence is fitted on. */
export function readFittingQuestions(): LabelledQuestion[] {
	return languages.flatMap(language => readQuestions(join(here, 'questions', `${language}.yaml`), language));
}

/** The id of a help page by its file. */
export function articleId(language: Language, file: string): string {
	return `${language}/${basename(file, '.md')}`;
}

function readYaml(file: string): unknown {
	return parse(readFileSync(file, 'utf8'));
}
