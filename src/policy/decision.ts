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

/** The rules of the policy, strongest first. */
export type Rule =
	| 'sensitive'
	| 'refund_above_limit'
	| 'angry_cancellation'
	| 'intent_needs_person'
	| 'several_intents_need_person'
	| 'intent_needs_review'
	| 'several_intents'
	| 'nothing_found'
	| 'confidence_low'
	| 'confidence_medium'
	| 'intent_unsure'
	| 'outside_rollout'
	| 'kept_for_review'
	| 'intent_tier_1'
	| 'fixed_line'
	| 'spam'
	| 'system_trouble';
