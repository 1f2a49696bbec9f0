import { createInterface } from 'node:readline/promises';
import type { Kysely } from 'kysely';
import type { Schema } from '../database/schema.ts';
import { readDemoArticles } from '../demo/demo-search.ts';
import { settled } from '../demo/settled.ts';
import { readTickets } from '../demo/shop.ts';
import { playStory } from '../demo/story.ts';
import { type Summary, summarise } from '../demo/summary.ts';
import type { ZendeskSandbox } from '../demo/zendesk/sandbox.ts';
import type { Candidates } from '../knowledge/candidates.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { Output } from './output.ts';

export interface DemoDeps {
	sandbox: ZendeskSandbox;
	query: Kysely<Schema>;
	knowledge: Knowledge;
	candidates: Candidates;
	output: Output;
	startedAt: number;
}

/** Brings in the shop's help pages and plays its day. */
export async function runDemo(deps: DemoDeps): Promise<Summary> {
	const { sandbox, query, knowledge, output, startedAt } = deps;
	const articles = await readDemoArticles();
	output.note(`\nNorthbean, a shop for coffee gear: ${articles.length} help pages in five languages are read …`);
	for (const { state: _, ...article } of articles) {
		await knowledge.put({ ...article, source: 'file', sourceRef: article.id });
	}
	await settled(query, () => sandbox.idle());
	await playStory({ ...deps, tickets: readTickets(), tell: line => output.note(line) });
	return summarise(query, (performance.now() - startedAt) / 1000);
}

/** What the day came to, for a person. */
export function tellSummary(summary: Summary, output: Output): void {
	const { tickets, answered, drafted, handedOver, approved, edited, rejected, stale, harvested } = summary;
	output.note(
		[
			'',
			`${tickets} tickets in ${summary.seconds} s: ${answered} answered alone, ${drafted} drafted, ${handedOver} handed over.`,
			`Of the drafts ${approved} were approved, ${edited} edited, ${rejected} rejected, ${stale} overtaken and not sent.`,
			`${harvested} answers of agents became knowledge, and answered ${summary.answeredFromHarvest} later tickets.`,
		].join('\n'),
	);
}

/** Takes tickets typed by the person, one a line, until they end the input, and tells what became of each. */
export async function takeTickets({ sandbox, query, output }: DemoDeps): Promise<void> {
	const you = sandbox.as(sandbox.addUser({ name: 'Robin Vale', email: 'robin.vale@example.com', role: 'end-user' }).id);
	const lines = createInterface({ input: process.stdin, output: process.stderr, prompt: '\nA ticket of yours › ' });
	lines.prompt();
	for await (const line of lines) {
		const text = line.trim();
		if (text) {
			const { id } = you.createTicket({ subject: text.slice(0, 60), body: text });
			await settled(query, () => sandbox.idle());
			for (const comment of sandbox.comments(id).slice(1)) {
				output.note(`\n${comment.public ? 'Reply to you' : 'Internal note, for agents only'}:\n`);
				output.note(comment.body.replaceAll(/^/gm, '  '));
			}
			output.note(`\n  The ticket: ${new URL(`/agent/tickets/${id}`, sandbox.url)}`);
		}
		lines.prompt();
	}
}
