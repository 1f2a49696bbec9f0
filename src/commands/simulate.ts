import { z } from 'zod';
import type { Conversation, Message } from '../conversation.ts';
import { parseJsonLines } from '../knowledge/json-lines.ts';
import type { Language } from '../language.ts';
import type { Thinking } from '../turns/thinking.ts';
import { type Output, readInput, round } from './output.ts';

const Requester = z.object({
	name: z.string().nullish(),
	email: z.string().nullish(),
	locale: z.string().nullish(),
	organization: z.string().nullish(),
});

/** One message to be thought through as if it had come in. */
const SimulatedMessage = z.object({
	id: z.union([z.string(), z.number()]).transform(String),
	text: z.string(),
	subject: z.string().nullish(),
	locale: z.string().nullish(),
	/** A profile, or just a name or an address. */
	requester: z.union([Requester, z.string()]).nullish(),
});
type SimulatedMessage = z.infer<typeof SimulatedMessage>;

/** What would be done, and why. */
export interface SimulatedResult {
	id: string;
	language: Language;
	intent: string;
	intentProbability: number;
	tier: 1 | 2 | 3;
	reason: string;
	confidence: number;
	sensitive: boolean;
	/** What would be sent (tier 1) or proposed (tier 2). */
	reply?: string;
	citations: { articleId: string; title: string; url: string | null }[];
}

/** Thinks every message of a JSONL file through and tells what would be done. Stores and sends nothing. */
export async function simulate(
	file: string,
	options: { json: boolean },
	{ thinking, output }: { thinking: Thinking; output: Output },
): Promise<number> {
	const lines = [...parseJsonLines(await readInput(file), SimulatedMessage)];
	let faults = 0;
	for (const [index, parsed] of lines.entries()) {
		if ('fault' in parsed) {
			faults++;
			output.note(`${file}, line ${parsed.line}: ${parsed.fault}`);
			continue;
		}
		const result = await simulateOne(parsed.row, thinking);
		output.line(options.json ? JSON.stringify(result) : describe(result));
		output.progress(index + 1, lines.length, 'simulated');
	}
	if (faults) output.note(`${faults} of ${lines.length} lines could not be read and were left out.`);
	if (lines.length === 0) output.note(`${file} has no messages: give one JSON object a line, {"id": …, "text": …}.`);
	return lines.length > faults ? 0 : 1;
}

async function simulateOne(message: SimulatedMessage, thinking: Thinking): Promise<SimulatedResult> {
	const conversation = conversationOf(message);
	const incoming: Message = {
		id: message.id,
		externalId: message.id,
		author: 'customer',
		authorId: 'customer',
		isPublic: true,
		text: message.text,
		writtenAt: new Date(),
	};
	const { thought, reply } = await thinking.think({
		turnId: message.id,
		conversation,
		messages: [incoming],
		history: [incoming],
	});
	const { triage, decision, answer } = thought;
	const cited = reply !== undefined && !decision.fixedLine && answer.kind === 'answer' ? answer.citations : [];
	return {
		id: message.id,
		language: triage.language,
		intent: triage.intent,
		intentProbability: round(triage.intentProbability, 4),
		tier: decision.tier,
		reason: decision.reason,
		confidence: round(decision.confidence, 4),
		sensitive: triage.sensitivity.length > 0,
		...(reply === undefined ? {} : { reply }),
		citations: cited.map(({ articleId, title, url }) => ({ articleId, title, url })),
	};
}

function conversationOf({ id, subject, locale, requester }: SimulatedMessage): Conversation {
	const profile = typeof requester === 'string' ? { name: requester } : (requester ?? {});
	return {
		id,
		tenantId: 'default',
		channel: 'simulation',
		externalId: id,
		requester: {
			id: 'customer',
			name: profile.name ?? null,
			email: 'email' in profile ? (profile.email ?? null) : null,
			locale: locale ?? ('locale' in profile ? (profile.locale ?? null) : null),
			organizationId: 'organization' in profile ? (profile.organization ?? null) : null,
		},
		subject: subject ?? null,
		language: null,
		heldBy: 'assistant',
		status: 'open',
	};
}

const actions = { 1: 'reply alone', 2: 'draft', 3: 'hand over' } as const;

function describe({
	id,
	language,
	intent,
	intentProbability,
	tier,
	reason,
	confidence,
	citations,
}: SimulatedResult): string {
	const cites = citations.length ? `  → ${citations.map(({ title }) => title).join(' · ')}` : '';
	return `${id}  ${language}  ${intent} (${round(intentProbability)})  ${actions[tier]}: ${reason.replaceAll('_', ' ')}, confidence ${round(confidence)}${cites}`;
}
