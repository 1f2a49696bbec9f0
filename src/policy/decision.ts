/** What shall be done about a turn, and everything that spoke for it. */
export interface Decision {
	/** 1 reply alone · 2 draft for review · 3 a person, with context. */
	tier: 1 | 2 | 3;
	/** The rule that decided. */
	reason: Rule;
	/** Every rule that spoke, in the order of the policy. */
	rules: Rule[];
	/** Calibrated probability that the reply is right. */
	confidence: number;
	/** A fixed polite line instead of an answer: for what is not this helpdesk's matter. */
	fixedLine?: 'out_of_scope' | 'feedback';
	/** The chance with which an otherwise autonomous turn is kept in review, and whether this one was: later estimates weigh by it. */
	review: { probability: number; isKept: boolean };
}

/** The rules of the policy, strongest first, and the tier that each decides. */
export const ruleTiers = {
	system_trouble: 3,
	sensitive: 3,
	refund_above_limit: 3,
	angry_cancellation: 3,
	intent_needs_person: 3,
	several_intents_need_person: 3,
	sender_flood: 2,
	spam: 2,
	intent_needs_review: 2,
	said_before: 2,
	several_intents: 2,
	nothing_found: 2,
	intent_unsure: 2,
	confidence_low: 2,
	confidence_medium: 2,
	outside_rollout: 2,
	kept_for_review: 2,
	fixed_line: 1,
	intent_tier_1: 1,
} as const;

export type Rule = keyof typeof ruleTiers;
