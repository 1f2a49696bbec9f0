import { draftNote, handOverNote, noAnswerNote } from '../answering/agent-notes.ts';
import { composeLine } from '../answering/compose-reply.ts';
import type { Conversation, Message } from '../conversation.ts';
import type { Effect } from '../outbox/effects.ts';
import type { Phrases } from '../phrases.ts';
import { intentPolicyOf, type Policy } from '../policy/policy.ts';
import type { ThoughtThrough } from './turn.ts';

/** What a turn is thought through from. */
export interface Matter {
	turnId: string;
	conversation: Conversation;
	/** The unanswered messages, oldest first. */
	messages: readonly Message[];
	/** The whole conversation so far. */
	history: readonly Message[];
	/** How many messages the sender has sent lately; 1 unless said. */
	sentLately?: number;
}

/** What is done about a turn, as its tier and the policy have it. @param reply the words there are, sent or proposed. */
export function act(
	{ policy, phrases }: { policy: Policy; phrases: Phrases },
	matter: Omit<Matter, 'turnId'>,
	thought: ThoughtThrough,
	reply: string | undefined,
): { effects: Effect[]; reply: string | undefined } {
	const { conversation, messages, history } = matter;
	const flood = floodOf(matter, policy);
	const { triage, answer, decision, passages } = thought;
	const { language } = triage;
	const { requester } = conversation;
	const noteInput = { conversation, history, triage, decision, passages };
	// A holding line, too, is what keeps a loop of two auto-replies going.
	const tellCustomer = policy.tellCustomer && !flood;
	const noteDeps = { phrases, policy: { ...policy, tellCustomer } };
	const basedOn = messages.at(-1)?.externalId ?? '';
	const tags = [`understudy_${triage.intent}`, `understudy_language_${language}`];
	const { tag } = intentPolicyOf(policy, triage.intent);
	switch (decision.tier) {
		case 1:
			return {
				reply,
				effects: [{ kind: 'reply', text: reply ?? '', basedOn, addTags: ['understudy_answered', ...tags] }],
			};
		case 2: {
			if (flood === 2) return { reply: undefined, effects: [] };
			if (reply === undefined || answer.kind !== 'answer' || triage.intent === 'spam' || flood) {
				const addTags = [
					'understudy_no_answer',
					...tags,
					...(tag ? [tag] : []),
					...(flood ? ['understudy_flood'] : []),
				];
				return {
					reply: undefined,
					effects: [{ kind: 'note', note: noAnswerNote(noteInput, noteDeps), basedOn, addTags }],
				};
			}
			const addTags = ['understudy_draft', ...tags];
			const note = draftNote(noteInput, reply, noteDeps);
			return {
				reply,
				effects: [{ kind: 'draft', language, text: reply, citations: answer.citations, note, basedOn, addTags }],
			};
		}
		case 3: {
			const { tags: handOverTags, priority, groupId } = policy.handOver;
			const effects: Effect[] = [
				{
					kind: 'hand_over',
					note: handOverNote(noteInput, noteDeps),
					basedOn,
					priority,
					addTags: [...handOverTags, ...tags],
					...(groupId ? { groupId } : {}),
				},
			];
			if (tellCustomer) {
				const text = composeLine('hand_over', language, requester, phrases);
				effects.push({ kind: 'reply', text, basedOn, isHoldingLine: true });
			}
			return { reply: undefined, effects };
		}
	}
}

/** 0 for a sender as any other, 1 for one who is no longer answered, 2 for one of whom agents are not told any more either. */
export function floodOf({ sentLately = 1 }: Pick<Matter, 'sentLately'>, { flood }: Pick<Policy, 'flood'>): 0 | 1 | 2 {
	if (sentLately <= flood.messages) return 0;
	return sentLately <= 2 * flood.messages ? 1 : 2;
}
