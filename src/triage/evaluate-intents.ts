import { expectedCalibrationError } from './calibration.ts';
import { type ClassifierOptions, type Example, trainClassifier } from './classifier.ts';

export interface IntentFigures {
	/** Share of test messages whose strongest label is right, 0 to 1. */
	accuracy: number;
	/** Expected calibration error over 15 bins, in percentage points. */
	calibrationError: number;
	trainSeconds: number;
	/** Mean milliseconds of one prediction. */
	predictMs: number;
}

/** Trains on one list, measures on the other. */
export function evaluateIntents(train: Example[], test: Example[], options: ClassifierOptions = {}): IntentFigures {
	const started = performance.now();
	const classifier = trainClassifier(train, options);
	const trained = performance.now();
	const predictions = test.map(({ text, label, language }) => {
		const best = classifier.strongest(text, language);
		return { probability: best?.probability ?? 0, isCorrect: best?.label === label };
	});
	const finished = performance.now();
	const count = Math.max(1, test.length);
	return {
		accuracy: predictions.filter(prediction => prediction.isCorrect).length / count,
		calibrationError: expectedCalibrationError(predictions),
		trainSeconds: (trained - started) / 1000,
		predictMs: (finished - trained) / count,
	};
}
