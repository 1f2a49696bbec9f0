// Multinomial logistic regression over words, character n-grams and concepts, one model for all languages: held out on
// English, French and Portuguese, a model for each language was 4 points worse, and the average of both one point.
import { fitTemperature } from './calibration.ts';
import { type CompactModel, compactModel, createScoring } from './compact-model.ts';
import type { Features } from './feature-counter.ts';
import { type LinearModel, scoreVector, toProbabilities, trainLinearModel } from './linear-model.ts';
import { createReader, type Reader } from './reader.ts';
import { type FittedVectorizer, fitVectorizer, vectorize } from './vectorizer.ts';

export interface Example {
	text: string;
	label: string;
	/** Decides whose concepts are looked for; absent where there are none. */
	language?: string;
}

export interface ScoredLabel {
	label: string;
	/** Calibrated, 0 to 1. */
	probability: number;
}

export interface Classifier {
	/** Every label with its probability, strongest first. */
	predict(text: string, language?: string): ScoredLabel[];
	/** The first of `predict`; undefined where there are no labels. */
	strongest(text: string, language?: string): ScoredLabel | undefined;
	/** Calibrated, 0 to 1; 0 for a label that is none of its own. */
	probabilityOf(label: string, text: string, language?: string): number;
	/** What the classifier is made of; `classifier-file.ts` writes it down. */
	parts: ClassifierParts;
}

export interface ClassifierParts {
	labels: string[];
	/** Scores are divided by it, so that probabilities are honest. */
	temperature: number;
	model: CompactModel;
}

export interface ClassifierOptions {
	/** Without one there are no concepts. */
	reader?: Reader;
	/** Same seed, same examples, same model. */
	seed?: number;
	/** Above 1 claims less than held-out examples justify: for texts that will differ more from the training than they do. */
	caution?: number;
	/** Told the share done, 0 to 1. */
	onProgress?: (share: number) => void;
}

const folds = 3;
/** Held-out examples beyond this many do not make the temperature better, only training slower. */
const enoughHeldOut = 2500;

/** The temperature is fitted on examples held out in turn, the model on all of them. */
export function trainClassifier(examples: Example[], options: ClassifierOptions = {}): Classifier {
	const labels = [...new Set(examples.map(example => example.label))].sort();
	const targets = Int32Array.from(examples, example => labels.indexOf(example.label));
	const reader = options.reader ?? createReader();
	const features = examples.map(({ text, language }) => reader.featuresOf(text, language));
	const set: TrainingSet = { features, targets, labelCount: labels.length, seed: options.seed ?? 1 };

	const heldOutScores: Float32Array[] = [];
	const heldOutTargets: number[] = [];
	const foldOfExample = contiguousFolds(examples);
	for (let fold = 0; fold < folds && heldOutScores.length < enoughHeldOut; fold++) {
		options.onProgress?.(fold / (folds + 1));
		const chosen = [...examples.keys()];
		const { vectorizer, model } = trainOn(
			set,
			chosen.filter(i => foldOfExample[i] !== fold),
		);
		for (const i of chosen.filter(i => foldOfExample[i] === fold)) {
			heldOutScores.push(scoreVector(model, vectorize(vectorizer, features[i] as Features)));
			heldOutTargets.push(targets[i] as number);
		}
	}
	const temperature = (options.caution ?? 1) * fitTemperature(heldOutScores, heldOutTargets);
	options.onProgress?.(folds / (folds + 1));
	const { vectorizer, model } = trainOn(set, [...examples.keys()]);
	options.onProgress?.(1);
	return createClassifier({ labels, temperature, model: compactModel(vectorizer, model) }, reader);
}

/** A classifier from its parts; `reader` must find what the one found that it was trained with. */
export function createClassifier(parts: ClassifierParts, reader: Reader): Classifier {
	const { labels, temperature, model } = parts;
	const score = createScoring(model);
	const probabilitiesOf = (text: string, language: string | undefined) => {
		const scores = score(reader.featuresOf(text, language));
		toProbabilities(scores, temperature);
		return scores;
	};
	return {
		parts,
		predict(text, language) {
			const probabilities = probabilitiesOf(text, language);
			return labels
				.map((label, i) => ({ label, probability: probabilities[i] as number }))
				.sort((a, b) => b.probability - a.probability);
		},
		strongest(text, language) {
			const probabilities = probabilitiesOf(text, language);
			let best = 0;
			for (let i = 1; i < labels.length; i++) {
				if ((probabilities[i] as number) > (probabilities[best] as number)) best = i;
			}
			const label = labels[best];
			return label === undefined ? undefined : { label, probability: probabilities[best] as number };
		},
		probabilityOf: (label, text, language) => probabilitiesOf(text, language)[labels.indexOf(label)] ?? 0,
	};
}

interface TrainingSet {
	features: Features[];
	targets: Int32Array;
	labelCount: number;
	seed: number;
}

/** Neighbours in a label's list were written by one person in one mood; whole stretches are held out, not single examples. */
function contiguousFolds(examples: Example[]): number[] {
	const kindOf = (example: Example) => `${example.language ?? ''}\n${example.label}`;
	const totals = new Map<string, number>();
	for (const example of examples) totals.set(kindOf(example), (totals.get(kindOf(example)) ?? 0) + 1);
	const seen = new Map<string, number>();
	return examples.map(example => {
		const place = seen.get(kindOf(example)) ?? 0;
		seen.set(kindOf(example), place + 1);
		return Math.floor((place * folds) / (totals.get(kindOf(example)) ?? 1));
	});
}

function trainOn(set: TrainingSet, chosen: number[]): { vectorizer: FittedVectorizer; model: LinearModel } {
	const features = chosen.map(i => set.features[i] as Features);
	const vectorizer = fitVectorizer(features, 2);
	const vectors = features.map(message => vectorize(vectorizer, message));
	const targets = Int32Array.from(chosen, i => set.targets[i] as number);
	const options = { epochs: 12, learningRate: 1, seed: set.seed };
	return { vectorizer, model: trainLinearModel(vectors, targets, set.labelCount, vectorizer.idf.length, options) };
}
