/** The stems of a query as passages are compared with them. */
export interface AskedStems {
	/** Each stem once, in order of first appearance. */
	distinct: readonly string[];
	/** The idf of each. */
	weights: readonly number[];
	/** The number of each in `StemNumbers`; undefined for a stem of no passage. */
	numbers: readonly (number | undefined)[];
	/** The whole query, as places in `distinct`. */
	sequence: readonly number[];
}

export function askedStems(
	query: readonly string[],
	{ idf, numberOf }: { idf: (stem: string) => number; numberOf: (stem: string) => number | undefined },
): AskedStems {
	const distinct = [...new Set(query)];
	return {
		distinct,
		weights: distinct.map(idf),
		numbers: distinct.map(numberOf),
		sequence: query.map(stem => distinct.indexOf(stem)),
	};
}

/** How much of a query stands in a passage. */
export interface Coverage {
	/** Share of the informative weight, 0 to 1; see `FoundPassage`. */
	coverage: number;
	/** Distinct stems. */
	matchedTerms: number;
}

/** @param has whether the passage has the stem at this place of `distinct`. */
export function coverageBy({ weights }: AskedStems, has: (place: number) => boolean): Coverage {
	let total = 0;
	let covered = 0;
	let matchedTerms = 0;
	for (const [place, weight] of weights.entries()) {
		total += weight;
		if (!has(place)) continue;
		covered += weight;
		matchedTerms++;
	}
	return { coverage: covered / (total || 1), matchedTerms };
}
