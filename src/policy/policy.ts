import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { UnderstudyError } from '../errors.ts';
import { languages } from '../language.ts';

const share = z.number().min(0).max(1);

const intentPolicy = z.strictObject({
	tier: z.union([z.literal(1), z.literal(2), z.literal(3)]),
	/** Knowledge categories that answer it; absent for all. */
	categories: z.array(z.string()).exactOptional(),
	/** A fixed polite line instead of an answer. */
	fixedLine: z.enum(['out_of_scope', 'feedback']).exactOptional(),
	/** A tag for the ticket. */
	tag: z.string().exactOptional(),
});

/** `manifests/policy.yaml`: what a support manager decides. Parsed strictly, so that a misspelt rule is a fault and not silence. */
export const Policy = z.strictObject({
	confidence: z.strictObject({ alone: share, weak: share }),
	fixedLine: share,
	/** What is always a person's goes there from this probability of the intent on; below, an agent looks first. */
	personFrom: share,
	refundLimit: z.number().nonnegative(),
	angryFrom: share,
	rollout: z.number().min(0).max(100),
	review: share,
	agentLanguage: z.enum(languages),
	tellCustomer: z.boolean(),
	/** A sender of more messages within so many minutes gets no words of ours; beyond twice as many, agents get no notes either. */
	flood: z
		.strictObject({ messages: z.number().int().positive(), minutes: z.number().int().positive() })
		.default({ messages: 30, minutes: 60 }),
	handOver: z.strictObject({
		tags: z.array(z.string()),
		priority: z.enum(['low', 'normal', 'high', 'urgent']),
		groupId: z.string().exactOptional(),
	}),
	harvest: z.strictObject({
		publish: z.enum(['rule', 'hand']),
		minWords: z.number().int().positive(),
		maxWords: z.number().int().positive(),
	}),
	intents: z.record(z.string(), intentPolicy),
});
export type Policy = z.infer<typeof Policy>;

/** Reads and checks a policy file. @throws UnderstudyError naming every fault at once. */
export function readPolicy(file: string): Policy {
	let content: unknown;
	try {
		content = parse(readFileSync(file, 'utf8'));
	} catch (cause) {
		throw new UnderstudyError('SETTINGS_INVALID', `The policy ${file} cannot be read: ${(cause as Error).message}`, {
			cause,
		});
	}
	const parsed = Policy.safeParse(content);
	if (parsed.success) return parsed.data;
	throw new UnderstudyError('SETTINGS_INVALID', `The policy ${file} is not valid:\n${z.prettifyError(parsed.error)}`);
}

/** The policy of an intent; one that the policy does not name is reviewed. */
export function intentPolicyOf(policy: Policy, intent: string): z.infer<typeof intentPolicy> {
	return policy.intents[intent] ?? { tier: 2 };
}
