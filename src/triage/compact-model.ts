// A trained model as it is kept and asked: its weights as 16-bit steps of the largest, half the memory and half the cache misses.
import type { LinearModel } from './linear-model.ts';
import type { Vector } from './vectorizer.ts';

export interface CompactModel {
	labelCount: number;
	/** One row of `labelCount` weights for every feature slot, each in steps of `largestWeight / mostSteps`. */
	steps: Int16Array;
	largestWeight: number;
	biases: Float32Array;
}

const mostSteps = 32767;

export function compactModel({ labelCount, weights, biases }: LinearModel): CompactModel {
	let largestWeight = 1e-6;
	// Plain loops: `from` with a function first makes an array of millions of numbers.
	for (const weight of weights) largestWeight = Math.max(largestWeight, Math.abs(weight));
	const steps = new Int16Array(weights.length);
	for (let i = 0; i < steps.length; i++) steps[i] = Math.round(((weights[i] as number) / largestWeight) * mostSteps);
	return { labelCount, steps, largestWeight, biases };
}

/** One score (logit) for each label. */
export function scoreCompact(model: CompactModel, { slots, values }: Vector): Float32Array {
	const { labelCount, steps, largestWeight } = model;
	const scores = Float32Array.from(model.biases);
	for (let i = 0; i < slots.length; i++) {
		const row = (slots[i] as number) * labelCount;
		const value = values[i] as number;
		for (let label = 0; label < labelCount; label++) {
			const weight = Math.fround(((steps[row + label] as number) * largestWeight) / mostSteps);
			scores[label] = (scores[label] as number) + value * weight;
		}
	}
	return scores;
}
