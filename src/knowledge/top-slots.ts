export interface ScoredSlot {
	slot: number;
	score: number;
}

/** The `limit` best of slots 0 to `size`, best first, without sorting the rest; slots that score 0 or less are left out. */
export function topSlots(size: number, limit: number, scoreOf: (slot: number) => number): ScoredSlot[] {
	const top: ScoredSlot[] = [];
	let least = 0;
	for (let slot = 0; slot < size; slot++) {
		const score = scoreOf(slot);
		if (score <= least) continue;
		let place = top.length;
		while (place > 0 && (top[place - 1] as ScoredSlot).score < score) place--;
		top.splice(place, 0, { slot, score });
		if (top.length > limit) top.pop();
		if (top.length === limit) least = (top.at(-1) as ScoredSlot).score;
	}
	return top;
}
