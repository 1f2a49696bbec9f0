import { describe, expect, it } from 'vitest';
import { noSignals } from '../../src/answering/answer.ts';
import { confidenceFrom, fitConfidence, type LabelledAnswer } from '../../src/policy/confidence.ts';
import { evaluateConfidence } from '../../src/policy/evaluate-confidence.ts';

/** Answers that are right with a probability that rises with their lead, from a small linear congruential generator. */
function sample(count: number, seed: number): LabelledAnswer[] {
	let state = seed;
	const random = () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
	return Array.from({ length: count }, () => {
		const lead = random();
		const isRight = random() < 1 / (1 + Math.exp(-8 * (lead - 0.5)));
		return { intentProbability: 0.9, signals: { ...noSignals, lead }, isRight };
	});
}

describe('the confidence', () => {
	it('learns what speaks for an answer, and keeps its word on answers it has not seen', () => {
		const confidence = fitConfidence(sample(2000, 1));
		const figures = evaluateConfidence(sample(2000, 2), confidence, 0.85);
		expect(figures.calibrationError).toBeLessThan(5);
		expect(figures.rightWhenConfident).toBeGreaterThan(90);
		const of = (lead: number) => confidence.of({ intentProbability: 0.9, signals: { ...noSignals, lead } });
		expect(of(0.9)).toBeGreaterThan(0.9);
		expect(of(0.1)).toBeLessThan(0.1);
	});

	it('is the same from its stored weights', () => {
		const confidence = fitConfidence(sample(200, 3));
		const [input] = sample(1, 4) as [LabelledAnswer];
		expect(confidenceFrom(confidence.weights).of(input)).toBe(confidence.of(input));
	});
});
