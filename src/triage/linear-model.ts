// Multinomial logistic regression by stochastic gradient descent with a falling step. Loops are plain and over typed arrays:
// this is where all of the training time goes.
import type { Vector } from './vectorizer.ts';

export interface LinearModel {
	labelCount: number;
	/** One row of `labelCount` weights for every feature slot. */
	weights: Float32Array;
	biases: Float32Array;
}

export interface TrainingOptions {
	epochs: number;
	/** First step size; falls linearly to a hundredth. */
	learningRate: number;
	/** Decides the order of examples and what is hidden of them. The same seed and examples give the same model. */
	seed: number;
}

/** This share of belief goes to all labels alike: some training labels are wrong, and nothing should be learnt by heart. */
const smoothing = 0.05;

/**
 * Every time an example is seen, this share of its features is hidden, others each time (Wager et al. 2013): nothing is learnt
 * from one telling word alone. Half a point more right on Banking77, over five shuffles.
 */
const hidden = 0.6;

/** Gradients below this changed no measured figure; leaving them out saves a quarter of the time. */
const negligibleGradient = 0.01;

export function trainLinearModel(
	vectors: Vector[],
	targets: Int32Array,
	labelCount: number,
	slotCount: number,
	{ epochs, learningRate, seed }: TrainingOptions,
): LinearModel {
	const weights = new Float32Array(slotCount * labelCount);
	const biases = new Float32Array(labelCount);
	const order = Int32Array.from(vectors.keys());
	const random = createRandom(seed);
	const gradients = new Float32Array(labelCount);
	const active = new Int32Array(labelCount);
	const hideSome = createFeatureDropout(vectors, random);
	for (let epoch = 0; epoch < epochs; epoch++) {
		shuffle(order, random);
		const step = learningRate * (1.01 - epoch / epochs);
		for (const example of order) {
			const vector = hideSome(vectors[example] as Vector);
			addScores(weights, biases, vector, gradients);
			toProbabilities(gradients);
			const target = targets[example] as number;
			let activeCount = 0;
			for (let label = 0; label < labelCount; label++) {
				const wanted = smoothing / labelCount + (label === target ? 1 - smoothing : 0);
				const gradient = (gradients[label] as number) - wanted;
				gradients[label] = gradient;
				biases[label] = (biases[label] as number) - step * 0.1 * gradient;
				if (gradient > negligibleGradient || gradient < -negligibleGradient) active[activeCount++] = label;
			}
			const { slots, values } = vector;
			for (let i = 0; i < slots.length; i++) {
				const row = (slots[i] as number) * labelCount;
				const change = step * (values[i] as number);
				for (let a = 0; a < activeCount; a++) {
					const label = active[a] as number;
					weights[row + label] = (weights[row + label] as number) - change * (gradients[label] as number);
				}
			}
		}
	}
	return { labelCount, weights, biases };
}

/** What remains is scaled up, so that scores keep their size. The returned vector is valid until the next call. */
function createFeatureDropout(vectors: Vector[], random: () => number): (vector: Vector) => Vector {
	const longest = vectors.reduce((length, { slots }) => Math.max(length, slots.length), 0);
	const keptSlots = new Int32Array(longest);
	const keptValues = new Float32Array(longest);
	const scale = 1 / (1 - hidden);
	return ({ slots, values }) => {
		let kept = 0;
		for (let i = 0; i < slots.length; i++) {
			if (random() < hidden) continue;
			keptSlots[kept] = slots[i] as number;
			keptValues[kept++] = (values[i] as number) * scale;
		}
		return { slots: keptSlots.subarray(0, kept), values: keptValues.subarray(0, kept) };
	};
}

/** One score (logit) for each label, while training; `compact-model.ts` scores for good. */
export function scoreVector(model: LinearModel, vector: Vector): Float32Array {
	const scores = new Float32Array(model.labelCount);
	addScores(model.weights, model.biases, vector, scores);
	return scores;
}

/** Softmax in place; `temperature` above 1 makes it less certain. */
export function toProbabilities(scores: Float32Array, temperature = 1): void {
	let highest = Number.NEGATIVE_INFINITY;
	for (const score of scores) if (score > highest) highest = score;
	let sum = 0;
	for (let label = 0; label < scores.length; label++) {
		const power = Math.exp(((scores[label] as number) - highest) / temperature);
		scores[label] = power;
		sum += power;
	}
	for (let label = 0; label < scores.length; label++) scores[label] = (scores[label] as number) / sum;
}

function addScores(weights: Float32Array, biases: Float32Array, { slots, values }: Vector, scores: Float32Array): void {
	const labelCount = scores.length;
	scores.set(biases);
	for (let i = 0; i < slots.length; i++) {
		const row = (slots[i] as number) * labelCount;
		const value = values[i] as number;
		for (let label = 0; label < labelCount; label++) {
			scores[label] = (scores[label] as number) + value * (weights[row + label] as number);
		}
	}
}

function shuffle(order: Int32Array, random: () => number): void {
	for (let i = order.length - 1; i > 0; i--) {
		const j = Math.floor(random() * (i + 1));
		const kept = order[i] as number;
		order[i] = order[j] as number;
		order[j] = kept;
	}
}

/** Mulberry32: small, fast, good enough for an order of examples. */
export function createRandom(seed: number): () => number {
	let state = seed | 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
