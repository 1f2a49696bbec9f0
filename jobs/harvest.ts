import type { Channel } from '../src/channel.ts';
import type { Conversation, Message } from '../src/conversation.ts';
import type { Inbox } from '../src/inbox.ts';
import type { Passage } from '../src/knowledge/article.ts';
import type { Candidate, CandidateFlag, Candidates } from '../src/knowledge/candidates.ts';
import { contradicts } from '../src/knowledge/contradiction.ts';
import { type HarvestTextDeps, harvestText, type QuestionAndAnswer } from '../src/knowledge/harvest-text.ts';
import type { SearchIndex } from '../src/knowledge/search-index.ts';
import { textSimilarity } from '../src/knowledge/text-similarity.ts';
import type { Language } from '../src/language.ts';
import type { Logger } from '../src/log.ts';
import type { Job } from '../src/pipeline.ts';
import type { Policy } from '../src/policy/policy.ts';
import type { TriageMessage } from '../src/triage/create-triage.ts';
import { audiencesOf } from '../src/turns/thinking.ts';

export interface HarvestDeps extends HarvestTextDeps {
	readConversation: (id: string) => Promise<Conversation>;
	readMessages: (conversationId: string) => Promise<Message[]>;
	/** Notes that the conversation has been looked at, whatever came of it. */
	harvested: (conversationId: string) => Promise<void>;
	/** Whether an agent sent the assistant's own words: then there is nothing to learn. */
	isAssistantsOwn: (conversationId: string) => Promise<boolean>;
	channelOf: (conversation: Conversation) => Channel;
	inbox: Pick<Inbox, 'merge'>;
	candidates: Candidates;
	search: Pick<SearchIndex, 'search'>;
	triage: TriageMessage;
	policy: Pick<Policy, 'harvest'>;
	log: Logger;
}

/** From this similarity on, an article says the same already. */
const sameAnswer = 0.7;

/** Makes a candidate of a conversation that an agent solved, and publishes it where the policy's rule allows. */
export function createHarvest(deps: HarvestDeps): Job<'harvest'> {
	const { candidates, policy, log } = deps;

	return {
		async run({ conversationId }) {
			await harvest(conversationId);
			await deps.harvested(conversationId);
		},
	};

	async function harvest(conversationId: string): Promise<void> {
		const stored = await deps.readConversation(conversationId);
		// Webhooks come in any order: only the thread itself tells whether the ticket is solved, and what was said.
		const thread = await deps.channelOf(stored).readThread(stored.externalId);
		const conversation = await deps.inbox.merge(stored, thread);
		const skip = (reason: string) => log.info({ conversationId, reason }, 'not harvested');
		if (conversation.status === 'open') return skip('not solved');
		if (await deps.isAssistantsOwn(conversationId)) return skip('the answer was the assistant’s');

		const messages = await deps.readMessages(conversationId);
		const question = messages.find(({ author }) => author === 'customer')?.text ?? '';
		const triage = deps.triage(question, {
			subject: conversation.subject ?? undefined,
			conversationLanguage: conversation.language ?? undefined,
			requesterLocale: conversation.requester.locale ?? undefined,
		});
		const pair = harvestText(messages, conversation.requester, triage.language, deps);
		if (!pair) return skip('no agent answered in their own words');
		const words = pair.answer.split(/\s+/).length;
		if (words < policy.harvest.minWords || words > policy.harvest.maxWords) return skip(`${words} words`);
		if (triage.sensitivity.length) return skip('sensitive');

		const known = knownAlready(deps, conversation, pair, triage.language);
		const flags = flagsOf(deps, conversation, pair, known, triage.language);
		const [, organization] = audiencesOf(conversation);
		const candidate = await candidates.stage({
			conversationId,
			language: triage.language,
			title: titleOf(conversation, pair, triage.language, deps),
			...pair,
			intent: triage.intent,
			audience: organization ?? 'public',
			flags,
			ticketRef: conversation.externalId,
		});
		if (!candidate) return skip('harvested before');
		const sameAs =
			known.find(({ text }) => textSimilarity(text, pair.answer, triage.language) >= sameAnswer)?.articleId ??
			(await stagedTwin(candidates, candidate));
		if (sameAs) {
			await candidates.join(candidate.id, sameAs);
			return skip(`says the same as ${sameAs}`);
		}
		if (policy.harvest.publish === 'rule' && flags.length === 0) await candidates.publish(candidate.id, 'assistant');
		log.info({ conversationId, candidateId: candidate.id, flags: flags.map(({ kind }) => kind) }, 'harvested');
	}
}

function titleOf(
	{ subject, requester }: Conversation,
	{ question }: QuestionAndAnswer,
	language: Language,
	{ redact }: HarvestTextDeps,
): string {
	const known = requester.name ? { name: requester.name } : {};
	const title = subject?.trim() ? redact(subject.trim(), language, known) : question;
	return title.replaceAll(/\s+/g, ' ').slice(0, 100);
}

/** The passages that speak of the same matter already. */
function knownAlready(
	{ search }: Pick<HarvestDeps, 'search'>,
	conversation: Conversation,
	{ question, answer }: QuestionAndAnswer,
	language: Language,
): Passage[] {
	return search
		.search({ query: `${question}\n${answer}`, language, audiences: audiencesOf(conversation), limit: 5 })
		.map(({ passage }) => passage);
}

function flagsOf(
	{ triage }: Pick<HarvestDeps, 'triage'>,
	conversation: Conversation,
	{ answer }: QuestionAndAnswer,
	known: readonly Passage[],
	language: Language,
): CandidateFlag[] {
	const flags: CandidateFlag[] = [];
	if (!conversation.requester.organizationId) flags.push({ kind: 'needs_audience' });
	if (triage(answer).entities.orderNumbers.length > 0) flags.push({ kind: 'case_specific' });
	for (const { articleId, text } of known) {
		if (contradicts(text, answer, language)) flags.push({ kind: 'contradicts', articleId });
	}
	return flags;
}

/** An earlier candidate for the same readers that says the same and still waits. */
async function stagedTwin(candidates: Candidates, candidate: Candidate): Promise<string | undefined> {
	const { id, language, audience, answer } = candidate;
	const staged = await candidates.list('staged');
	return staged.find(
		other =>
			other.id !== id &&
			other.language === language &&
			other.audience === audience &&
			textSimilarity(other.answer, answer, language) >= sameAnswer,
	)?.id;
}
