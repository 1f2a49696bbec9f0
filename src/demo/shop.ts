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

/** The folder of `<language>.yaml` that the confidence is fitted on. */
export const questionsDir = join(here, 'questions');

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
	/** Of a ticket; a question by itself has none. */
	subject: string | undefined;
	text: string;
	/** Article ids. */
	articles: string[];
}

const LabelledQuestions = z.array(
	z.object({
		subject: z.string().optional(),
		text: z.string(),
		article: z.string().nullable(),
		also: z.array(z.string()).optional(),
	}),
);

/** Checks labelled questions as they were written: slugs become article ids. */
export function parseQuestions(content: unknown, language: Language): LabelledQuestion[] {
	return LabelledQuestions.parse(content).map(({ subject, text, article, also = [] }) => ({
		language,
		subject,
		text,
		articles: article === null ? [] : [article, ...also].map(slug => articleId(language, slug)),
	}));
}

/** The labelled questions and tickets that the confidence is fitted on. Others, kept apart, measure it. */
export function readFittingQuestions(): LabelledQuestion[] {
	return languages.flatMap(language => parseQuestions(readYaml(join(questionsDir, `${language}.yaml`)), language));
}

/** The id of a help page by its file. */
export function articleId(language: Language, file: string): string {
	return `${language}/${basename(file, '.md')}`;
}

function readYaml(file: string): unknown {
	return parse(readFileSync(file, 'utf8'));
}
