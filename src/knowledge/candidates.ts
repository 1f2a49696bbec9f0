import { randomUUID } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import { audit } from '../audit/audit.ts';
import { type Schema, toJson } from '../database/schema.ts';
import type { Language } from '../language.ts';
import type { Policy } from '../policy/policy.ts';
import type { Audience } from './article.ts';
import type { Knowledge } from './knowledge.ts';

/** What a person should know before publishing. */
export type CandidateFlag =
	/** The customer belongs to no organisation: whoever publishes it decides who may read it. */
	| { kind: 'needs_audience' }
	/** Names an order, an amount or a date of one customer's: may be true for nobody else. */
	| { kind: 'case_specific' }
	| { kind: 'contradicts'; articleId: string };

/** A question and answer harvested from a solved ticket, waiting to be published. */
export interface NewCandidate {
	conversationId: string;
	language: Language;
	/** What the article will be called. */
	title: string;
	question: string;
	answer: string;
	intent: string | null;
	audience: Audience;
	flags: CandidateFlag[];
	ticketRef: string;
	agentId: string;
}

export type Candidate = Omit<Selectable<Schema['candidates']>, 'flags' | 'audience'> & {
	flags: CandidateFlag[];
	audience: Audience;
};

export interface Candidates {
	/** Stages one per conversation; a second harvest of the same conversation returns what still waits, or undefined. */
	stage(candidate: NewCandidate): Promise<Candidate | undefined>;
	list(state?: Candidate['state']): Promise<Candidate[]>;
	/** Makes an article of it. `audience` widens or narrows who may read it. Undefined where it is not staged. */
	publish(id: string, by: string, audience?: Audience): Promise<{ articleId: string } | undefined>;
	/** Nothing new: an article, or an earlier candidate, says the same. The ticket stays on record as another source of it. */
	join(id: string, sameAs: string): Promise<void>;
	/** False where it is not staged. */
	discard(id: string, by: string, reason: string): Promise<boolean>;
}

export function createCandidates(
	query: Kysely<Schema>,
	knowledge: Pick<Knowledge, 'put'>,
	tenantId: string,
	{ expireAfter }: Pick<Policy['harvest'], 'expireAfter'>,
): Candidates {
	const settle = (
		id: string,
		change: { state: 'published' | 'joined' | 'discarded'; article_id?: string; reason?: string },
	) =>
		query
			.updateTable('candidates')
			.set({ ...change, decided_at: new Date() })
			.where('tenant_id', '=', tenantId)
			.where('id', '=', id)
			.where('state', '=', 'staged')
			.returning(['id', 'conversation_id'])
			.executeTakeFirst();
	const note = (by: string, action: string, candidate: Pick<Candidate, 'id' | 'conversation_id'>, detail: object) =>
		audit(query, {
			tenantId,
			actor: by as 'operator',
			action,
			...(candidate.conversation_id ? { conversationId: candidate.conversation_id } : {}),
			detail: { candidate: candidate.id, ...detail },
		});

	return {
		async stage(candidate) {
			const row = await query
				.insertInto('candidates')
				.values({
					id: randomUUID(),
					tenant_id: tenantId,
					conversation_id: candidate.conversationId,
					language: candidate.language,
					title: candidate.title,
					question: candidate.question,
					answer: candidate.answer,
					intent: candidate.intent,
					audience: candidate.audience,
					state: 'staged',
					flags: toJson(candidate.flags),
					ticket_ref: candidate.ticketRef,
					agent_id: candidate.agentId,
					article_id: null,
					reason: null,
					decided_at: null,
				})
				.onConflict(conflict => conflict.column('conversation_id').doNothing())
				.returningAll()
				.executeTakeFirst();
			if (!row) return stagedBefore(query, candidate.conversationId);
			const staged = toCandidate(row);
			await note('assistant', 'candidate_staged', staged, { flags: candidate.flags.map(({ kind }) => kind) });
			return staged;
		},

		async list(state) {
			let rows = query.selectFrom('candidates').selectAll().where('tenant_id', '=', tenantId).orderBy('created_at');
			if (state) rows = rows.where('state', '=', state);
			return (await rows.execute()).map(toCandidate);
		},

		async publish(id, by, audience) {
			const row = await query
				.selectFrom('candidates')
				.selectAll()
				.where('tenant_id', '=', tenantId)
				.where('id', '=', id)
				.where('state', '=', 'staged')
				.executeTakeFirst();
			if (!row) return undefined;
			const candidate = toCandidate(row);
			const articleId = `ticket-${candidate.ticket_ref}`;
			// The article first: a run that dies between the two repeats the same article, and settles then.
			await knowledge.put({
				id: articleId,
				language: candidate.language,
				title: candidate.title,
				body: articleBody(candidate),
				category: null,
				audience: audience ?? candidate.audience,
				url: null,
				source: 'ticket',
				sourceRef: candidate.ticket_ref,
				author: candidate.agent_id,
				...(expireAfter === null ? {} : { expiresAt: inDays(expireAfter) }),
			});
			if (!(await settle(id, { state: 'published', article_id: articleId }))) return undefined;
			await note(by, 'candidate_published', candidate, {
				article: articleId,
				audience: audience ?? candidate.audience,
			});
			return { articleId };
		},

		async join(id, sameAs) {
			const row = await settle(id, { state: 'joined', article_id: sameAs, reason: 'says the same' });
			if (row) await note('assistant', 'candidate_joined', row, { sameAs });
		},

		async discard(id, by, reason) {
			const row = await settle(id, { state: 'discarded', reason });
			if (row) await note(by, 'candidate_discarded', row, { reason });
			return row !== undefined;
		},
	};
}

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

/** A run that died between staging and publishing left it staged: the next one goes on from there. */
async function stagedBefore(query: Kysely<Schema>, conversationId: string): Promise<Candidate | undefined> {
	const row = await query
		.selectFrom('candidates')
		.selectAll()
		.where('conversation_id', '=', conversationId)
		.where('state', '=', 'staged')
		.executeTakeFirst();
	return row && toCandidate(row);
}

/** The question is a heading: searched by, but never quoted as an answer. */
function articleBody({ question, answer }: Pick<Candidate, 'question' | 'answer'>): string {
	return `## ${question.replaceAll(/\s+/g, ' ').slice(0, 300)}\n\n${answer}`;
}

function toCandidate(row: Selectable<Schema['candidates']>): Candidate {
	return { ...row, flags: row.flags as CandidateFlag[], audience: row.audience as Audience };
}
