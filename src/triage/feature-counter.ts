/** A message as groups of hashed features, each group scaled to its own length later, so that many do not drown few. */
export interface Features {
	/** Each hash once a group, in order of first appearance, the groups one after the other. */
	hashes: Int32Array;
	/** How often each occurs. */
	counts: Uint16Array;
	/** Where each group ends in the arrays. */
	groupEnds: readonly number[];
}

/** Counts the features of one message after the other: an open-addressed table that is used again, 10 times faster than a `Map`. */
export interface FeatureCounter {
	/** @param hash an integer of 31 bits, well mixed. */
	add(hash: number): void;
	endGroup(): void;
	/** What was counted; begins anew. */
	take(): Features;
}

export function createFeatureCounter(): FeatureCounter {
	let mask = 2 ** 12 - 1;
	/** For each place of the table: in which group it was last used, and where in `hashes` its feature is. */
	let usedIn = new Int32Array(mask + 1);
	let indexes = new Int32Array(mask + 1);
	let hashes = new Int32Array(mask + 1);
	let counts = new Uint16Array(mask + 1);
	let group = 1;
	let size = 0;
	let groupEnds: number[] = [];

	function widen() {
		mask = 2 * mask + 1;
		usedIn = new Int32Array(mask + 1);
		indexes = new Int32Array(mask + 1);
		const [fewer, fewerCounts] = [hashes, counts];
		hashes = new Int32Array(mask + 1);
		counts = new Uint16Array(mask + 1);
		hashes.set(fewer);
		counts.set(fewerCounts);
		for (let index = groupEnds.at(-1) ?? 0; index < size; index++) occupy(placeOf(hashes[index] as number), index);
	}

	function occupy(place: number, index: number) {
		usedIn[place] = group;
		indexes[place] = index;
	}

	/** Where the hash is, or where it belongs. */
	function placeOf(hash: number): number {
		let place = hash & mask;
		while (usedIn[place] === group && hashes[indexes[place] as number] !== hash) place = (place + 1) & mask;
		return place;
	}

	return {
		add(hash) {
			const place = placeOf(hash);
			if (usedIn[place] === group) {
				const index = indexes[place] as number;
				counts[index] = (counts[index] as number) + 1;
				return;
			}
			occupy(place, size);
			hashes[size] = hash;
			counts[size++] = 1;
			if (2 * size > mask) widen();
		},
		endGroup() {
			groupEnds.push(size);
			group++;
		},
		take() {
			const features = { hashes: hashes.slice(0, size), counts: counts.slice(0, size), groupEnds };
			size = 0;
			group++;
			groupEnds = [];
			return features;
		},
	};
}
