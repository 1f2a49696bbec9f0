import { hash } from 'node:crypto';
import type { Answer } from '../answering/answer.ts';
import type { Triage } from '../triage/triage.ts';
import { type Decision, type Rule, ruleTiers } from './decision.ts';
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
	/** Whether the same words have been said in this conversation before. */
	isSaidBefore: boolean;
	/** Whether the sender has written more than anybody should lately. */
	isFlood: boolean;
}

/** The tier of a turn, with every rule that spoke. Pure: the same input and policy give the same decision, today and in a replay. */
export function decide(input: DecisionInput, policy: Policy): Decision {
	const { triage, answer } = input;
	const { tier: allowed, fixedLine } = intentPolicyOf(policy, triage.intent);
	const confidence = fixedLine ? triage.intentProbability : input.confidence;
	const review = { probability: policy.review, isKept: lot(`review:${input.turnId}`) < policy.review };
	const others = triage.intents.slice(1).map(({ intent }) => intentPolicyOf(policy, intent));

	const spoke: [Rule, boolean][] = [
		['sensitive', triage.sensitivity.length > 0],
		['refund_above_limit', wantsRefundAbove(triage, policy.refundLimit)],
		['angry_cancellation', isCancellation(triage) && triage.anger >= policy.angryFrom],
		['intent_needs_person', allowed === 3 && triage.intentProbability >= policy.personFrom],
		['several_intents_need_person', others.some(other => other.tier === 3)],
		['sender_flood', input.isFlood],
		['spam', triage.intent === 'spam'],
		['intent_needs_review', allowed > 1],
		['said_before', input.isSaidBefore],
		['several_intents', others.length > 0],
		['nothing_found', !fixedLine && answer.kind === 'not_answerable'],
		['intent_unsure', fixedLine !== undefined && confidence < policy.fixedLine],
		['confidence_low', !fixedLine && confidence < policy.confidence.weak],
		['confidence_medium', !fixedLine && confidence >= policy.confidence.weak && confidence < policy.confidence.alone],
		['outside_rollout', 100 * lot(`rollout:${input.conversationId}`) >= policy.rollout],
		['kept_for_review', review.isKept],
		['fixed_line', fixedLine !== undefined],
		['intent_tier_1', true],
	];
	const rules = spoke.filter(([, speaks]) => speaks).map(([rule]) => rule);
	// The list is never empty: its last rule always speaks.
	const reason = rules[0] as Rule;
	const tier = ruleTiers[reason];
	return {
		tier,
		reason,
		rules,
		confidence,
		...(tier === 1 && fixedLine ? { fixedLine } : {}),
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
	return hash('sha256', key, 'buffer').readUInt32BE(0) / 2 ** 32;
}
