import type { Confidence, LabelledAnswer } from './confidence.ts';

export interface ConfidenceFigures {
	/** Questions that got an answer at all. */
	answered: number;
	/** Share of the answers that cite the right article first, in percent. */
	right: number;
	/** Expected calibration error over five bins of equally many answers, in percentage points. */
	calibrationError: number;
	/** Share of the answers at or above the threshold, in percent. */
	confident: number;
	/** Share of those that are right, in percent. */
	rightWhenConfident: number;
}

// Equally filled bins, and few: with ten, a perfect confidence measured on 250 answers already shows 6 points of chance.
const bins = 5;

/** How well a confidence keeps its word, on answers whose rightness is known and that it was not fitted on. */
export function evaluateConfidence(
	answers: readonly LabelledAnswer[],
	confidence: Confidence,
	threshold: number,
): ConfidenceFigures {
	const judged = answers.map(answer => ({ probability: confidence.of(answer), isRight: answer.isRight }));
	const confident = judged.filter(({ probability }) => probability >= threshold);
	const rightShare = (some: typeof judged) =>
		some.length ? (100 * some.filter(({ isRight }) => isRight).length) / some.length : 100;
	const ordered = judged.toSorted((one, other) => one.probability - other.probability);
	const error = Array.from({ length: bins }, (_, bin) =>
		ordered.slice((bin * ordered.length) / bins, ((bin + 1) * ordered.length) / bins),
	).reduce((sum, some) => {
		if (some.length === 0) return sum;
		const mean = some.reduce((total, { probability }) => total + probability, 0) / some.length;
		return sum + (some.length / judged.length) * Math.abs(100 * mean - rightShare(some));
	}, 0);
	return {
		answered: judged.length,
		right: rightShare(judged),
		calibrationError: error,
		confident: judged.length ? (100 * confident.length) / judged.length : 0,
		rightWhenConfident: rightShare(confident),
	};
}
