import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { UnderstudyError } from '../errors.ts';
import { languages } from '../language.ts';

const share = z.number().min(0).max(1);

/** A period in days; null, or none, for ever. */
const period = (least: number, why: string) =>
	z.number().int('must be whole days').min(least, `must be at least ${least} days: ${why}`).nullable().default(null);

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
	/** Names of what is sold. */
	products: z.array(z.string().min(2)).default([]),
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
		/** How long an answer from a ticket is believed. */
		expireAfter: period(1, 'an answer that expires at once is none'),
	}),
	/** How long what is over and done with is kept. */
	retention: z
		.strictObject({
			conversations: period(30, 'Zendesk closes a solved ticket as late as after 28, which would bring it back'),
			events: period(7, 'a webhook that comes again is known by them'),
			candidates: period(30, 'a ticket that is solved again would be harvested again'),
			articles: period(7, 'every process must have seen that an article was retired'),
			deadLetters: period(1, 'failures are counted over an hour'),
			audit: period(30, 'the database lets nobody cut off what is younger'),
		})
		.prefault({}),
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
