import type { Conversation, Message } from '../conversation.ts';
import type { FoundPassage } from '../knowledge/article.ts';
import type { Phrases, Say } from '../phrases.ts';
import { type Decision, ruleTiers } from '../policy/decision.ts';
import type { Policy } from '../policy/policy.ts';
import type { Triage } from '../triage/triage.ts';
import type { Citation } from './answer.ts';
import { citationLink } from './compose-reply.ts';

/** What an agent's note is written from. */
export interface NoteInput {
	conversation: Conversation;
	/** The whole conversation so far. */
	history: readonly Message[];
	triage: Triage;
	decision: Decision;
	passages: readonly FoundPassage[];
}

export interface NoteDeps {
	phrases: Phrases;
	policy: Pick<Policy, 'agentLanguage' | 'tellCustomer'>;
}

/** A draft as an internal note: the reply itself, why it is in review, and how to send, change or reject it. */
export function draftNote(input: NoteInput, reply: string, { phrases, policy }: NoteDeps): string {
	const say = phrases(policy.agentLanguage);
	return [
		`**${say('note.draft_title')}** · ${percent(input.decision.confidence)} · ${reasons(input, say)}`,
		'---',
		reply,
		'---',
		say('note.draft_how'),
	].join('\n\n');
}

/** A note where there is nothing to propose: what is asked and what may help. */
export function noAnswerNote(input: NoteInput, { phrases, policy }: NoteDeps): string {
	const say = phrases(policy.agentLanguage);
	return [
		`**${say('note.no_answer_title')}** · ${reasons(input, say)}`,
		say('note.no_answer'),
		facts([
			[say('note.wants'), wants(input.triage, say)],
			[say('note.known'), known(input, say)],
			[say('note.passages'), mayHelp(input.passages)],
		]),
	].join('\n\n');
}

/** The story for the person who takes over, told to be read in ten seconds. */
export function handOverNote(input: NoteInput, { phrases, policy }: NoteDeps): string {
	const say = phrases(policy.agentLanguage);
	return [
		`**${say('note.hand_over_title')}** · ${reasons(input, say)}`,
		facts([
			[say('note.wants'), wants(input.triage, say)],
			[say('note.mood'), say(`note.${mood(input.triage.anger)}`)],
			[say('note.known'), known(input, say)],
			[say('note.tried'), tried(input.history, say)],
			[say('note.passages'), mayHelp(input.passages)],
		]),
		...(policy.tellCustomer ? [say('note.customer_told')] : []),
	].join('\n\n');
}

const percent = (share: number) => `${Math.round(100 * share)} %`;

const facts = (lines: [string, string][]) =>
	lines
		.filter(([, value]) => value)
		.map(([label, value]) => `- **${label}:** ${value}`)
		.join('\n');

function reasons({ triage, decision }: NoteInput, say: Say): string {
	const named = triage.sensitivity.filter(({ from }) => from === 'pattern').map(({ category }) => category);
	const detail = [...new Set(named.length ? named : ['by_its_wording'])]
		.map(category => say(`sensitive.${category}`))
		.join(', ');
	// What would have spoken for less says nothing about this.
	const spoke = decision.rules.filter(rule => ruleTiers[rule] === decision.tier && rule !== 'kept_for_review');
	return (spoke.length ? spoke : [decision.reason]).map(rule => say(`rule.${rule}`, { detail })).join('; ');
}

function wants({ intent, intents }: Triage, say: Say): string {
	const others = intents.slice(1).map(other => say(`intent.${other.intent}`));
	const first = say(`intent.${intent}`);
	return others.length ? `${first}, ${say('note.and_also', { intents: others.join(', ') })}` : first;
}

const mood = (anger: number) => (anger >= 0.6 ? 'angry' : anger >= 0.3 ? 'annoyed' : 'calm');

function known({ conversation, triage }: NoteInput, say: Say): string {
	const { orderNumbers, amounts, products, dates } = triage.entities;
	const lists: [string, string[]][] = [
		['order', orderNumbers],
		['amount', amounts.map(({ text }) => text)],
		['product', products],
		['date', dates],
	];
	return [
		...lists
			.filter(([, values]) => values.length)
			.map(([kind, values]) => say(`known.${kind}`, { values: values.join(', ') })),
		say('known.language', { value: say(`language.${triage.language}`) }),
		...(conversation.requester.organizationId
			? [say('known.organization', { value: conversation.requester.organizationId })]
			: []),
	].join(' · ');
}

function tried(history: readonly Message[], say: Say): string {
	const count = history.filter(({ author, isPublic }) => author === 'assistant' && isPublic).length;
	return count ? say('note.assistant_answered', { count }) : say('note.nothing');
}

/** The articles of the best passages, each once, with the start of what was found. */
function mayHelp(passages: readonly FoundPassage[]): string {
	const citations = new Map<string, Citation>();
	for (const { passage } of passages) {
		const { id: passageId, articleId, title, url } = passage;
		if (!citations.has(articleId)) citations.set(articleId, { passageId, articleId, title, url });
	}
	return [...citations.values()].slice(0, 3).map(citationLink).join(' · ');
}
