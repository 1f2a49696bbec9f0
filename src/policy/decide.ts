import { createHash } from 'node:crypto';
import type { Answer } from '../answering/answer.ts';
import type { Triage } from '../triage/triage.ts';
import type { Decision, Rule } from './decision.ts';
import { intentPolicyOf, type Policy } from './policy.ts';

/** What a decision is made from, and nothing else. */
export interface DecisionInput {
	triage: Triage;
	answer: Answer;
	/** Calibrated probability that the answer is right; 0 where there is none. */
	confidence: number;
	/** Rollout is stable per conversation, the review lot per turn. */
	conversationId: string;
	turnId: string;
}

/** The tier of a turn, with every rule that spoke. Pure: the same input and policy give the same decision, today and in a replay. */
export function decide(input: DecisionInput, policy: Policy): Decision {
	const { triage, answer } = input;
	const { tier, fixedLine } = intentPolicyOf(policy, triage.intent);
	const confidence = fixedLine ? triage.intentProbability : input.confidence;
	const review = { probability: policy.review, isKept: lot(`review:${input.turnId}`) < policy.review };
	const others = triage.intents.slice(1).map(({ intent }) => intentPolicyOf(policy, intent));

	const spoke: [Rule, 1 | 2 | 3, boolean][] = [
		['sensitive', 3, triage.sensitivity.length > 0],
		['refund_above_limit', 3, wantsRefundAbove(triage, policy.refundLimit)],
		['angry_cancellation', 3, isCancellation(triage) && triage.anger >= policy.angryFrom],
		['intent_needs_person', 3, tier === 3],
		['several_intents_need_person', 3, others.some(other => other.tier === 3)],
		['spam', 2, triage.intent === 'spam'],
		['intent_needs_review', 2, tier === 2],
		['several_intents', 2, others.length > 0],
		['nothing_found', 2, !fixedLine && answer.kind === 'not_answerable'],
		['intent_unsure', 2, fixedLine !== undefined && confidence < policy.fixedLine],
		['confidence_low', 2, !fixedLine && confidence < policy.confidence.weak],
		[
			'confidence_medium',
			2,
			!fixedLine && confidence >= policy.confidence.weak && confidence < policy.confidence.alone,
		],
		['outside_rollout', 2, 100 * lot(`rollout:${input.conversationId}`) >= policy.rollout],
		['kept_for_review', 2, review.isKept],
		['fixed_line', 1, fixedLine !== undefined],
		['intent_tier_1', 1, true],
	];
	const rules = spoke.filter(([, , speaks]) => speaks);
	// The list is never empty: its last rule always speaks.
	const [reason, decided] = rules[0] as [Rule, 1 | 2 | 3, boolean];
	return {
		tier: decided,
		reason,
		rules: rules.map(([rule]) => rule),
		confidence,
		...(decided === 1 && fixedLine ? { fixedLine } : {}),
		review,
	};
}

const refundIntents = new Set(['refund_request', 'refund_status', 'return_request', 'billing_dispute', 'order_change']);

function wantsRefundAbove({ intents, entities }: Triage, limit: number): boolean {
	return intents.some(({ intent }) => refundIntents.has(intent)) && entities.amounts.some(({ value }) => value > limit);
}

const cancellationIntents = new Set(['subscription_change', 'order_change', 'account_change']);

const isCancellation = ({ intents }: Triage) => intents.some(({ intent }) => cancellationIntents.has(intent));

/** A number in [0, 1) that is the same for the same key, for ever, on every machine. */
function lot(key: string): number {
	return createHash('sha256').update(key).digest().readUInt32BE(0) / 2 ** 32;
}
