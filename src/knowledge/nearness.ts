/** How closely a passage keeps the query's words together, each 0 to 1 as a share of the query's idf weight. */
export interface Nearness {
	/** The most that stands within any `window` consecutive stems. */
	within: number;
	/** Neighbours in the query that are neighbours in the passage, in the same order. */
	phrases: number;
}

const window = 12;

export function nearnessOf(
	query: readonly string[],
	passage: readonly string[],
	idf: (stem: string) => number,
): Nearness {
	const weights = new Map(query.map(stem => [stem, idf(stem)]));
	let total = 0;
	for (const weight of weights.values()) total += weight;
	return {
		within: total ? heaviestWindow(passage, weights) / total : 0,
		phrases: sharedPhrases(query, passage, weights),
	};
}

function heaviestWindow(passage: readonly string[], weights: ReadonlyMap<string, number>): number {
	const hits: { stem: string; position: number; weight: number }[] = [];
	for (const [position, stem] of passage.entries()) {
		const weight = weights.get(stem);
		if (weight !== undefined) hits.push({ stem, position, weight });
	}
	let heaviest = 0;
	for (const [index, first] of hits.entries()) {
		const seen = new Set<string>();
		let sum = 0;
		for (let next = index; next < hits.length; next++) {
			const hit = hits[next];
			if (!hit || hit.position - first.position >= window) break;
			if (seen.has(hit.stem)) continue;
			seen.add(hit.stem);
			sum += hit.weight;
		}
		heaviest = Math.max(heaviest, sum);
	}
	return heaviest;
}

function sharedPhrases(
	query: readonly string[],
	passage: readonly string[],
	weights: ReadonlyMap<string, number>,
): number {
	const pairs = new Set<string>();
	for (let index = 1; index < passage.length; index++) {
		if (weights.has(passage[index] as string)) pairs.add(`${passage[index - 1]} ${passage[index]}`);
	}
	let shared = 0;
	let total = 0;
	for (let index = 1; index < query.length; index++) {
		const [first, second] = [query[index - 1] as string, query[index] as string];
		const weight = (weights.get(first) ?? 0) + (weights.get(second) ?? 0);
		total += weight;
		if (pairs.has(`${first} ${second}`)) shared += weight;
	}
	return total ? shared / total : 0;
}
