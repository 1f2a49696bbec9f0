import { type Answer, noSignals } from '../answering/answer.ts';
import { answerQuestion } from '../answering/answer-question.ts';
import { composeLine, composeReply } from '../answering/compose-reply.ts';
import type { Conversation, Message } from '../conversation.ts';
import type { Audience } from '../knowledge/article.ts';
import type { SearchIndex } from '../knowledge/search-index.ts';
import type { Effect } from '../outbox/effects.ts';
import type { Phrases } from '../phrases.ts';
import type { Confidence } from '../policy/confidence.ts';
import { decide } from '../policy/decide.ts';
import { intentPolicyOf, type Policy } from '../policy/policy.ts';
import type { TriageMessage } from '../triage/create-triage.ts';
import type { Triage } from '../triage/triage.ts';
import { act, floodOf, type Matter } from './act.ts';
import { createPace } from './pace.ts';
import type { ThoughtThrough } from './turn.ts';

export interface ThinkingDeps {
	triage: TriageMessage;
	search: Pick<SearchIndex, 'searchAll' | 'coverageOf' | 'idf'>;
	confidence: Confidence;
	policy: Policy;
	phrases: Phrases;
}

/** Triage → retrieve → answer → decide, and what the decision wants done. No side effects: a replay thinks the same. */
export interface Thinking {
	think(matter: Matter): Promise<{ thought: ThoughtThrough; effects: Effect[]; reply: string | undefined }>;
}

export function createThinking(deps: ThinkingDeps): Thinking {
	const { triage, search, confidence, policy } = deps;
	return {
		async think(matter) {
			const { conversation, messages } = matter;
			// The subject is often the only place that says what a first message is about.
			const isFirst = messages[0]?.id === matter.history[0]?.id;
			const subject = isFirst ? (conversation.subject ?? undefined) : undefined;
			const triaged = triage(messages.map(({ text }) => text).join('\n\n'), {
				subject,
				conversationLanguage: conversation.language ?? undefined,
				requesterLocale: conversation.requester.locale ?? undefined,
			});
			const { passages, answer } = answerQuestion(
				{
					triage: triaged,
					subject,
					audiences: audiencesOf(conversation),
					categories: intentPolicyOf(policy, triaged.intent).categories,
				},
				search,
			);
			const reply = wordsFor(deps, conversation, triaged, answer);
			const decision = decide(
				{
					triage: triaged,
					answer,
					confidence: confidenceOf(confidence, triaged.intentProbability, answer),
					conversationId: conversation.id,
					turnId: matter.turnId,
					// An automatic answer to ours is answered with the same again, and again.
					isSaidBefore: reply !== undefined && wasSaid(reply, matter.history),
					isFlood: floodOf(matter, policy) > 0,
				},
				policy,
			);
			const thought = { triage: triaged, passages, answer, decision };
			return { thought, ...act(deps, matter, thought, reply) };
		},
	};
}

/** A millisecond of thinking for each of fifty conversations at once would hold up everything else. */
export function paceThinking(thinking: Thinking, pace = createPace()): Thinking {
	return { think: matter => pace.run(() => thinking.think(matter)) };
}

/** What is done about a turn that cannot be thought through, for whatever error: a person gets it as it is. */
export function troubleHandOver(
	{ conversation, messages }: Pick<Matter, 'conversation' | 'messages'>,
	deps: Pick<ThinkingDeps, 'policy' | 'phrases'>,
): { thought: ThoughtThrough; effects: Effect[] } {
	const text = messages.map(message => message.text).join('\n\n');
	const thought: ThoughtThrough = {
		triage: {
			language: conversation.language ?? deps.policy.agentLanguage,
			languageFrom: 'conversation',
			intent: 'human_request',
			intentProbability: 0,
			intents: [],
			entities: { orderNumbers: [], amounts: [], dates: [], emails: [], products: [] },
			anger: 0,
			sensitivity: [],
			text,
		},
		passages: [],
		answer: { kind: 'not_answerable', signals: noSignals },
		decision: {
			tier: 3,
			reason: 'system_trouble',
			rules: ['system_trouble'],
			confidence: 0,
			review: { probability: 0, isKept: false },
		},
	};
	return { thought, effects: act(deps, { conversation, messages, history: messages }, thought, undefined).effects };
}

/** The knowledge a customer may be answered from: what is public, and what is their organisation's. */
export function audiencesOf({ requester }: Pick<Conversation, 'requester'>): Audience[] {
	return requester.organizationId ? ['public', `organization:${requester.organizationId}`] : ['public'];
}

const confidenceOf = (confidence: Confidence, intentProbability: number, answer: Answer) =>
	answer.kind === 'answer' ? confidence.of({ intentProbability, signals: answer.signals }) : 0;

/** The words that would be said: the intent's fixed line, or the quoted answer; undefined where there is nothing to say. */
function wordsFor(
	{ policy, phrases }: ThinkingDeps,
	{ requester }: Conversation,
	{ intent, language }: Triage,
	answer: Answer,
): string | undefined {
	const { fixedLine } = intentPolicyOf(policy, intent);
	if (fixedLine) return composeLine(fixedLine, language, requester, phrases);
	return answer.kind === 'answer' ? composeReply(answer, language, requester, phrases) : undefined;
}

/** Vendors reformat what they store: letters and digits are compared. */
function wasSaid(reply: string, history: readonly Message[]): boolean {
	const plain = (text: string) => text.replaceAll(/\(https?:[^)]*\)|[^\p{L}\p{N}]/gu, '');
	return history.some(
		({ author, isPublic, text }) => author === 'assistant' && isPublic && plain(text) === plain(reply),
	);
}
