import { toProbabilities } from './linear-model.ts';

/**
 * The temperature that makes probabilities honest: dividing scores by it gives the least surprise (log loss) on examples
 * that the scores were not trained on.
 */
export function fitTemperature(scores: Float32Array[], targets: ArrayLike<number>): number {
	const loss = (logTemperature: number) => meanLogLoss(scores, targets, Math.exp(logTemperature));
	let low = Math.log(0.05);
	let high = Math.log(10);
	// Golden-section search; the loss has one valley in the logarithm of the temperature.
	const ratio = (Math.sqrt(5) - 1) / 2;
	for (let round = 0; round < 24; round++) {
		const left = high - ratio * (high - low);
		const right = low + ratio * (high - low);
		if (loss(left) < loss(right)) high = right;
		else low = left;
	}
	return Math.exp((low + high) / 2);
}

/**
 * How far probabilities are from being true, in percentage points: the weighted mean distance between what was claimed
 * and what came true, over equally wide bins (Guo et al. 2017).
 */
export function expectedCalibrationError(
	predictions: { probability: number; isCorrect: boolean }[],
	bins = 15,
): number {
	const sums = Array.from({ length: bins }, () => 0);
	for (const { probability, isCorrect } of predictions) {
		const bin = Math.min(bins - 1, Math.floor(probability * bins));
		sums[bin] = (sums[bin] ?? 0) + probability - (isCorrect ? 1 : 0);
	}
	const distance = sums.reduce((total, sum) => total + Math.abs(sum), 0);
	return predictions.length === 0 ? 0 : (100 * distance) / predictions.length;
}

function meanLogLoss(scores: Float32Array[], targets: ArrayLike<number>, temperature: number): number {
	let sum = 0;
	for (const [i, example] of scores.entries()) {
		const probabilities = example.slice();
		toProbabilities(probabilities, temperature);
		sum -= Math.log(Math.max(1e-9, probabilities[targets[i] as number] ?? 0));
	}
	return sum / Math.max(1, scores.length);
}
