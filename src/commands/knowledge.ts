import { z } from 'zod';
import type { Audience } from '../knowledge/article.ts';
import type { Candidate, Candidates } from '../knowledge/candidates.ts';
import { readArticles } from '../knowledge/import.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { SearchIndex } from '../knowledge/search-index.ts';
import { type Language, languages } from '../language.ts';
import { type Output, round } from './output.ts';

/** `import PATH`: stores every article of a file or folder, tells every fault, and stops at none. */
export async function importArticles(
	path: string,
	options: { json: boolean },
	{
		knowledge,
		output,
		tenantId,
		detectLanguage,
	}: { knowledge: Knowledge; output: Output; tenantId: string; detectLanguage: (text: string) => Language | undefined },
): Promise<number> {
	const counts = { created: 0, changed: 0, unchanged: 0, faults: 0, skipped: 0 };
	for await (const step of readArticles(path, { detectLanguage })) {
		if (step.kind === 'fault') {
			counts.faults++;
			output.note(`${step.file}${step.line === null ? '' : `, line ${step.line}`}: ${step.message}`);
		} else if (step.kind === 'skipped') {
			counts.skipped++;
			output.note(`${step.file}: left out, neither Markdown, HTML nor JSONL`);
		} else {
			const { state: _, ...article } = step.article;
			counts[await knowledge.put({ ...article, source: 'file', sourceRef: step.file })]++;
			// There may be no worker to do it: a command leaves nothing half done.
			await knowledge.index(tenantId, article.id);
			output.progress(counts.created + counts.changed + counts.unchanged, Number.POSITIVE_INFINITY, 'articles');
		}
	}
	const { created, changed, unchanged, faults } = counts;
	output.line(
		options.json
			? JSON.stringify(counts)
			: `${created} new, ${changed} changed, ${unchanged} as before${faults ? `, ${faults} with faults (see above)` : ''}.`,
	);
	return created + changed + unchanged > 0 ? 0 : 1;
}

/** `search QUERY`: the passages that a customer's question would find. */
export function search(
	query: string,
	options: { json: boolean; language: Language; limit: number; audience?: string; category?: string[] },
	{ index, output }: { index: Pick<SearchIndex, 'searchAll' | 'size'>; output: Output },
): number {
	if (index.size === 0) {
		output.note('There is no knowledge yet. Bring some in: npm run understudy -- import PATH');
		return 1;
	}
	const found = index.searchAll({
		query,
		language: options.language,
		audiences: ['public', ...(options.audience ? [options.audience as Audience] : [])],
		categories: options.category ?? null,
		limit: options.limit,
	});
	for (const { passage, score, coverage } of found) {
		const { id, articleId, title, headings, text, language, url, category } = passage;
		output.line(
			options.json
				? JSON.stringify({ id, articleId, title, headings, text, language, category, url, score: round(score, 4) })
				: `${round(score).toFixed(2)}  ${language}  ${[title, ...headings].join(' › ')}  (covers ${Math.round(100 * coverage)} %)\n      ${text.replaceAll(/\s+/g, ' ').slice(0, 160)}`,
		);
	}
	if (found.length === 0) output.note('Nothing found.');
	return 0;
}

/** `candidates list`. */
export async function listCandidates(
	options: { json: boolean; state?: Candidate['state'] },
	{ candidates, output }: { candidates: Candidates; output: Output },
): Promise<number> {
	const rows = await candidates.list(options.state);
	for (const {
		id,
		language,
		title,
		question,
		answer,
		audience,
		state,
		flags,
		ticket_ref,
		agent_id,
		article_id,
	} of rows) {
		if (options.json) {
			const ticket = { ticket: ticket_ref, agent: agent_id, article: article_id };
			output.line(JSON.stringify({ id, state, language, title, question, answer, audience, flags, ...ticket }));
			continue;
		}
		const concerns = flags.map(flag => flag.kind.replaceAll('_', ' ')).join(', ');
		output.line(`${id}  ${state}  ${language}  ${audience}  ticket ${ticket_ref}${concerns ? `  ⚠ ${concerns}` : ''}`);
		output.line(`    ${title}\n    ${answer.replaceAll(/\s+/g, ' ').slice(0, 200)}`);
	}
	if (rows.length === 0) output.note('No candidates. They are made of tickets that an agent has solved.');
	return 0;
}

/** `candidates publish ID`. */
export async function publishCandidate(
	id: string,
	options: { audience?: Audience },
	{
		candidates,
		knowledge,
		output,
		tenantId,
	}: { candidates: Candidates; knowledge: Knowledge; output: Output; tenantId: string },
): Promise<number> {
	if (!isId(id)) return noSuchCandidate(id, output);
	const published = await candidates.publish(id, 'operator', options.audience);
	if (!published) return noSuchCandidate(id, output);
	await knowledge.index(tenantId, published.articleId);
	output.line(`Published as ${published.articleId}.`);
	return 0;
}

/** `candidates discard ID`. */
export async function discardCandidate(
	id: string,
	options: { reason: string },
	{ candidates, output }: { candidates: Candidates; output: Output },
): Promise<number> {
	if (!isId(id) || !(await candidates.discard(id, 'operator', options.reason))) return noSuchCandidate(id, output);
	output.line('Discarded.');
	return 0;
}

/** `articles retire ID`. */
export async function retireArticle(
	id: string,
	{ knowledge, output, tenantId }: { knowledge: Knowledge; output: Output; tenantId: string },
): Promise<number> {
	if (!(await knowledge.retire(id))) {
		output.note(`There is no published article ${id}.`);
		return 1;
	}
	await knowledge.index(tenantId, id);
	output.line(`Retired ${id}: no search finds it any more.`);
	return 0;
}

const isId = (id: string) => z.uuid().safeParse(id).success;

function noSuchCandidate(id: string, output: Output): number {
	output.note(`There is no staged candidate ${id}. See: npm run understudy -- candidates list --state staged`);
	return 1;
}

/** Checks a `--language`. @returns the language, or undefined with the choices told. */
export function parseLanguage(value: string): Language | undefined {
	return languages.find(language => language === value.toLowerCase());
}
