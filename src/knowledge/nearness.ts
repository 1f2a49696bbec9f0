import type { AskedStems } from './asked-stems.ts';

/** How closely a passage keeps the query's words together, each 0 to 1 as a share of the query's idf weight. */
export interface Nearness {
	/** The most that stands within any `window` consecutive stems. */
	within: number;
	/** Neighbours in the query that are neighbours in the passage, in the same order. */
	phrases: number;
}

const window = 12;

/** What measures passages, given as the numbers of their stems, against one query. */
export function createNearness({ weights, numbers, sequence }: AskedStems): (passage: Int32Array) => Nearness {
	const placeOf = new Map<number, number>();
	/** Most stems of a passage are not asked for, and most of those are told by the last byte of their number. */
	const mayBeAsked = new Uint8Array(256);
	for (const [place, number] of numbers.entries()) {
		if (number === undefined) continue;
		placeOf.set(number, place);
		mayBeAsked[number & 255] = 1;
	}
	const total = weights.reduce((sum, weight) => sum + weight, 0);
	return passage => {
		const hits: Hit[] = [];
		for (let position = 0; position < passage.length; position++) {
			const number = passage[position] as number;
			if (mayBeAsked[number & 255] === 0) continue;
			const place = placeOf.get(number);
			if (place !== undefined) hits.push({ place, position });
		}
		return {
			within: total ? heaviestWindow(hits, weights) / total : 0,
			phrases: sharedPhrases(sequence, hits, weights),
		};
	};
}

/** Where a stem of the query stands in a passage. */
interface Hit {
	/** In `AskedStems.distinct`. */
	place: number;
	position: number;
}

function heaviestWindow(hits: readonly Hit[], weights: readonly number[]): number {
	let heaviest = 0;
	for (const [index, first] of hits.entries()) {
		const seen: number[] = [];
		let sum = 0;
		for (let next = index; next < hits.length; next++) {
			const { place, position } = hits[next] as Hit;
			if (position - first.position >= window) break;
			if (seen.includes(place)) continue;
			seen.push(place);
			sum += weights[place] as number;
		}
		heaviest = Math.max(heaviest, sum);
	}
	return heaviest;
}

function sharedPhrases(sequence: readonly number[], hits: readonly Hit[], weights: readonly number[]): number {
	const pairs = new Set<number>();
	const pairOf = (first: number, second: number) => first * weights.length + second;
	for (let index = 1; index < hits.length; index++) {
		const [one, next] = [hits[index - 1] as Hit, hits[index] as Hit];
		if (next.position === one.position + 1) pairs.add(pairOf(one.place, next.place));
	}
	let shared = 0;
	let total = 0;
	for (let index = 1; index < sequence.length; index++) {
		const [first, second] = [sequence[index - 1] as number, sequence[index] as number];
		const weight = (weights[first] as number) + (weights[second] as number);
		total += weight;
		if (pairs.has(pairOf(first, second))) shared += weight;
	}
	return total ? shared / total : 0;
}
