import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Answer, noSignals } from '../../src/answering/answer.ts';
import { root } from '../../src/assemble.ts';
import { decide } from '../../src/policy/decide.ts';
import { type Policy, readPolicy } from '../../src/policy/policy.ts';
import type { Triage } from '../../src/triage/triage.ts';

const shipped = readPolicy(join(root, 'manifests/policy.yaml'));
const policy: Policy = { ...shipped, review: 0, rollout: 100 };
const answer: Answer = { kind: 'answer', language: 'en', sentences: [], citations: [], signals: noSignals };

function decideOn(
	triage: Partial<Triage>,
	{
		confidence = 0.95,
		rules = policy,
		conversationId = 'c',
		turnId = 't',
		found = answer as Answer,
		isSaidBefore = false,
		isFlood = false,
	} = {},
) {
	const intent = triage.intent ?? 'shipping_info';
	const probability = triage.intentProbability ?? 0.97;
	return decide(
		{
			triage: {
				language: 'en',
				languageFrom: 'text',
				intents: [{ intent, probability }],
				entities: { orderNumbers: [], amounts: [], dates: [], emails: [], products: [] },
				anger: 0,
				sensitivity: [],
				text: '',
				...triage,
				intent,
				intentProbability: probability,
			},
			answer: found,
			confidence,
			conversationId,
			turnId,
			isSaidBefore,
			isFlood,
		},
		rules,
	);
}

const amount = (value: number, text: string) => ({
	orderNumbers: [],
	amounts: [{ value, text, currency: 'EUR' }],
	dates: [],
	emails: [],
	products: [],
});

describe('a sender of far too many messages', () => {
	it('is answered by nobody but a person', () => {
		expect(decideOn({}, { isFlood: true })).toMatchObject({ tier: 2, reason: 'sender_flood' });
	});

	it('is still handed over where it is sensitive', () => {
		const sensitivity: Triage['sensitivity'] = [{ category: 'self_harm', from: 'pattern', probability: 1 }];
		expect(decideOn({ sensitivity }, { isFlood: true })).toMatchObject({ tier: 3, reason: 'sensitive' });
	});
});

describe('the shipped policy', () => {
	it('answers alone where the intent may be and the confidence is high', () => {
		expect(decideOn({})).toMatchObject({ tier: 1, reason: 'intent_tier_1' });
	});

	it.each([
		[0.9, 1, 'intent_tier_1'],
		[0.8, 2, 'confidence_medium'],
		[0.5, 2, 'confidence_low'],
	] as const)('at a confidence of %s decides tier %s', (confidence, tier, reason) => {
		expect(decideOn({}, { confidence })).toMatchObject({ tier, reason, confidence });
	});

	it.each(['complaint', 'human_request', 'legal_or_security'])('gives %s to a person, however confident', intent => {
		expect(decideOn({ intent }, { confidence: 1 })).toMatchObject({ tier: 3, reason: 'intent_needs_person' });
	});

	it('lets an agent look first where it is not sure that a person is wanted', () => {
		expect(decideOn({ intent: 'complaint', intentProbability: 0.3 })).toMatchObject({
			tier: 2,
			reason: 'intent_needs_review',
		});
	});

	it.each([
		'technical_issue',
		'billing_dispute',
		'payment_problem',
		'subscription_change',
		'account_change',
		'order_change',
		'refund_request',
	])('drafts %s', intent => {
		expect(decideOn({ intent }, { confidence: 1 })).toMatchObject({ tier: 2, reason: 'intent_needs_review' });
	});

	it('gives anything sensitive to a person, whatever the intent', () => {
		const sensitivity = [{ category: 'legal', from: 'pattern' as const, probability: 1 }];
		expect(decideOn({ sensitivity })).toMatchObject({ tier: 3, reason: 'sensitive' });
	});

	it('gives a refund above the limit to a person, and one at the limit not', () => {
		const intent = 'refund_request';
		expect(decideOn({ intent, entities: amount(500.01, '500,01 €') }).reason).toBe('refund_above_limit');
		expect(decideOn({ intent, entities: amount(500, '500 €') }).tier).toBe(2);
		expect(decideOn({ intent: 'product_question', entities: amount(900, '900 €') }).tier).toBe(1);
	});

	it('gives an angry cancellation to a person, and a calm one to review', () => {
		const intent = 'subscription_change';
		expect(decideOn({ intent, anger: 0.9 }).reason).toBe('angry_cancellation');
		expect(decideOn({ intent, anger: 0.1 }).tier).toBe(2);
	});

	it('looks at every intent of a message', () => {
		const first = { intent: 'shipping_info', probability: 0.9 };
		const withPerson = [first, { intent: 'human_request', probability: 0.8 }];
		const withAnother = [first, { intent: 'how_to', probability: 0.8 }];
		expect(decideOn({ intents: withPerson })).toMatchObject({ tier: 3, reason: 'several_intents_need_person' });
		expect(decideOn({ intents: withAnother })).toMatchObject({ tier: 2, reason: 'several_intents' });
	});

	it('never answers alone where nothing was found', () => {
		const found: Answer = { kind: 'not_answerable', signals: noSignals };
		expect(decideOn({}, { found, confidence: 0 })).toMatchObject({ tier: 2, reason: 'nothing_found' });
	});

	it('answers what is out of scope with a fixed line, where that is sure', () => {
		const intent = 'out_of_scope';
		expect(decideOn({ intent }, { confidence: 0 })).toMatchObject({ tier: 1, fixedLine: 'out_of_scope' });
		expect(decideOn({ intent, intentProbability: 0.6 })).toMatchObject({ tier: 2, reason: 'intent_unsure' });
	});

	it('tells every rule that spoke', () => {
		expect(decideOn({ intent: 'complaint', anger: 1 }, { confidence: 0.5 }).rules).toEqual([
			'intent_needs_person',
			'intent_needs_review',
			'confidence_low',
			'intent_tier_1',
		]);
	});
});

describe('rollout', () => {
	const tiers = (rules: Policy) =>
		Array.from({ length: 2000 }, (_, index) => decideOn({}, { rules, conversationId: `c${index}` }).tier);

	it('lets about its percentage through, the same conversations every time', () => {
		const quarter = tiers({ ...policy, rollout: 25 });
		expect(quarter.filter(tier => tier === 1).length / 2000).toBeCloseTo(0.25, 1);
		expect(tiers({ ...policy, rollout: 25 })).toEqual(quarter);
	});

	it('keeps whom it let through when it grows', () => {
		const before = tiers({ ...policy, rollout: 25 });
		const after = tiers({ ...policy, rollout: 50 });
		expect(before.every((tier, index) => tier !== 1 || after[index] === 1)).toBe(true);
	});
});

describe('the review lot', () => {
	it('keeps its share in review and records the chance', () => {
		const rules = { ...policy, review: 0.2 };
		const decisions = Array.from({ length: 2000 }, (_, index) => decideOn({}, { rules, turnId: `t${index}` }));
		const kept = decisions.filter(({ tier }) => tier === 2);
		expect(kept.length / 2000).toBeCloseTo(0.2, 1);
		expect(kept.every(({ reason, review }) => reason === 'kept_for_review' && review.isKept)).toBe(true);
		expect(decisions.every(({ review }) => review.probability === 0.2)).toBe(true);
	});
});
