// A trained model as it is kept and asked. All that is known of a feature lies together, since finding it in memory takes
// longer than reckoning with it, and its weights are 16-bit steps of the largest. The most frequent features come first,
// so that what most messages ask for shares cache lines.
import type { Features } from './feature-counter.ts';
import type { LinearModel } from './linear-model.ts';
import { createSlotTable } from './slot-table.ts';
import { type FittedVectorizer, type Vector, type Vectorizer, vectorizeInto, vectorOfSize } from './vectorizer.ts';

export interface CompactModel {
	/** For every feature a record of `recordLength(biases.length)` numbers: its hash, its idf as a float, two steps a number. */
	records: Int32Array;
	/** What the largest step stands for. */
	largestWeight: number;
	/** One for each label. */
	biases: Float32Array;
}

const mostSteps = 32767;

export function recordLength(labelCount: number): number {
	return 2 + Math.ceil(labelCount / 2);
}

export function compactModel({ hashes, idf }: FittedVectorizer, { weights, biases }: LinearModel): CompactModel {
	let largestWeight = 1e-6;
	// Plain loops: `from` with a function first makes an array of millions of numbers.
	for (const weight of weights) largestWeight = Math.max(largestWeight, Math.abs(weight));
	const labelCount = biases.length;
	const length = recordLength(labelCount);
	const records = new Int32Array(hashes.length * length);
	const { idfs, steps } = viewsOf(records);
	const frequentFirst = Uint32Array.from(idf.keys()).sort(
		(one, other) => (idf[one] as number) - (idf[other] as number) || one - other,
	);
	for (const [place, slot] of frequentFirst.entries()) {
		const record = place * length;
		records[record] = hashes[slot] as number;
		idfs[record] = idf[slot] as number;
		for (let label = 0; label < labelCount; label++) {
			const weight = weights[slot * labelCount + label] as number;
			steps[2 * record + label] = Math.round((weight / largestWeight) * mostSteps);
		}
	}
	return { records, largestWeight, biases };
}

/** The records' idfs and steps: those of the record that begins at `at` are at `at`, and from `2 * at` on. */
function viewsOf({ buffer, byteOffset, length }: Int32Array): { idfs: Float32Array; steps: Int16Array } {
	return {
		idfs: new Float32Array(buffer, byteOffset + 4, Math.max(0, length - 1)),
		steps: new Int16Array(buffer, byteOffset + 8, Math.max(0, 2 * length - 4)),
	};
}

/** One score (logit) for each label. */
export type ScoreFeatures = (features: Features) => Float32Array;

export function createScoring({ records, largestWeight, biases }: CompactModel): ScoreFeatures {
	const { idfs, steps } = viewsOf(records);
	const labelCount = biases.length;
	const vectorizer: Vectorizer = { table: createSlotTable(records, recordLength(labelCount)), idf: idfs };
	const unit = largestWeight / mostSteps;
	let room: Vector = vectorOfSize(2 ** 10);
	return features => {
		if (features.hashes.length > room.slots.length) room = vectorOfSize(2 * features.hashes.length);
		const size = vectorizeInto(room, vectorizer, features);
		const scores = biases.slice();
		addScores(scores, steps, unit, room, size);
		return scores;
	};
}

/** Four features at a time, in their order, so that the sums are the same; each score is loaded and stored once for the four. */
function addScores(scores: Float32Array, steps: Int16Array, unit: number, { slots, values }: Vector, size: number) {
	const labelCount = scores.length;
	let i = 0;
	for (; i + 3 < size; i += 4) {
		const [row0, row1] = [2 * (slots[i] as number), 2 * (slots[i + 1] as number)];
		const [row2, row3] = [2 * (slots[i + 2] as number), 2 * (slots[i + 3] as number)];
		const [value0, value1] = [values[i] as number, values[i + 1] as number];
		const [value2, value3] = [values[i + 2] as number, values[i + 3] as number];
		for (let label = 0; label < labelCount; label++) {
			let score = scores[label] as number;
			score = Math.fround(score + value0 * Math.fround((steps[row0 + label] as number) * unit));
			score = Math.fround(score + value1 * Math.fround((steps[row1 + label] as number) * unit));
			score = Math.fround(score + value2 * Math.fround((steps[row2 + label] as number) * unit));
			scores[label] = score + value3 * Math.fround((steps[row3 + label] as number) * unit);
		}
	}
	for (; i < size; i++) {
		const row = 2 * (slots[i] as number);
		const value = values[i] as number;
		for (let label = 0; label < labelCount; label++) {
			const weight = Math.fround((steps[row + label] as number) * unit);
			scores[label] = (scores[label] as number) + value * weight;
		}
	}
}
