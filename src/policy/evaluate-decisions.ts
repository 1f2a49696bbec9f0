import { z } from 'zod';
import type { Conversation, Message } from '../conversation.ts';
import type { Language } from '../language.ts';
import type { Triage } from '../triage/triage.ts';
import type { Thinking } from '../turns/thinking.ts';
import type { ThoughtThrough } from '../turns/turn.ts';

/** Messages that nobody who wrote training examples has seen, with what they are. */
export const UnseenMessages = z.object({
	/** Intent → messages. */
	intents: z.record(z.string(), z.array(z.string())).default({}),
	/** Must go to a person. */
	sensitive: z.array(z.string()).default([]),
	/** Look sensitive and are not. */
	harmless: z.array(z.string()).default([]),
	/** Everyday messages that neither are sensitive nor look it. */
	ordinary: z.array(z.string()).default([]),
	/** Nothing for this helpdesk, and attacks. */
	out_of_scope: z.array(z.string()).default([]),
	/** In this language. */
	languages: z.array(z.string()).default([]),
});
export type UnseenMessages = z.infer<typeof UnseenMessages>;

/** Shares in percent. */
export interface DecisionFigures {
	messages: number;
	intentRight: number;
	/** Messages whose intent has a probability of at least 0.85, and how many of those are right. */
	intentSure: number;
	intentRightWhenSure: number;
	languageRight: number;
	sensitiveToPerson: number;
	sensitiveAnsweredAlone: number;
	harmlessToPerson: number;
	ordinaryToPerson: number;
	/** Out of scope or an attack, and answered alone with anything but a fixed line. */
	outOfScopeAnswered: number;
}

/** What would be done with unseen messages of one language. */
export async function evaluateDecisions(
	unseen: UnseenMessages,
	language: Language,
	thinking: Thinking,
): Promise<DecisionFigures> {
	const thinkAll = async (texts: readonly string[]) => {
		const thoughts: ThoughtThrough[] = [];
		for (const text of texts) thoughts.push((await thinking.think(matterOf(text))).thought);
		return thoughts;
	};
	const labelled: { intent: string; triage: Triage }[] = [];
	for (const [intent, texts] of Object.entries(unseen.intents)) {
		for (const { triage } of await thinkAll(texts)) labelled.push({ intent, triage });
	}
	const sure = labelled.filter(({ triage }) => triage.intentProbability >= 0.85);
	const isRight = ({ intent, triage }: (typeof labelled)[number]) => triage.intent === intent;
	const sensitive = await thinkAll(unseen.sensitive);
	const harmless = await thinkAll(unseen.harmless);
	const ordinary = await thinkAll(unseen.ordinary);
	const languages = await thinkAll(unseen.languages);
	const outOfScope = await thinkAll(unseen.out_of_scope);
	const tier = (wanted: number) => (thought: ThoughtThrough) => thought.decision.tier === wanted;
	return {
		messages: labelled.length + sensitive.length + harmless.length + ordinary.length + unseen.out_of_scope.length,
		intentRight: percent(labelled, isRight),
		intentSure: percent(labelled, one => sure.includes(one)),
		intentRightWhenSure: percent(sure, isRight),
		languageRight: percent(languages, ({ triage }) => triage.language === language),
		sensitiveToPerson: percent(sensitive, tier(3)),
		sensitiveAnsweredAlone: percent(sensitive, tier(1)),
		harmlessToPerson: percent(harmless, tier(3)),
		ordinaryToPerson: percent(ordinary, tier(3)),
		outOfScopeAnswered: percent(outOfScope, ({ decision }) => decision.tier === 1 && !decision.fixedLine),
	};
}

function percent<T>(some: readonly T[], holds: (one: T) => boolean): number {
	return some.length === 0 ? 0 : (100 * some.filter(holds).length) / some.length;
}

function matterOf(text: string): Parameters<Thinking['think']>[0] {
	const message: Message = {
		id: 'unseen',
		externalId: 'unseen',
		author: 'customer',
		authorId: 'customer',
		isPublic: true,
		text,
		writtenAt: new Date(0),
	};
	const conversation: Conversation = {
		id: 'unseen',
		tenantId: 'default',
		channel: 'evaluation',
		externalId: 'unseen',
		requester: { id: 'customer', name: null, email: null, locale: null, organizationId: null },
		subject: null,
		language: null,
		heldBy: 'assistant',
		status: 'open',
	};
	return { turnId: text, conversation, messages: [message], history: [message] };
}
