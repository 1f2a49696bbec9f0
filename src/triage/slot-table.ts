/** The slot of each hash, found by open addressing: a `Map` of the sensitivity classifier's 450,000 would take five times the memory. */
export type SlotOfHash = (hash: number) => number;

/** @param hashes the hash of each slot, 31 bits, well mixed, each once. Returns -1 for a hash without a slot. */
export function createSlotTable(hashes: Int32Array): SlotOfHash {
	const mask = 2 ** Math.ceil(Math.log2(2 * hashes.length + 2)) - 1;
	const slots = new Int32Array(mask + 1).fill(-1);
	for (let slot = 0; slot < hashes.length; slot++) {
		let place = (hashes[slot] as number) & mask;
		while (slots[place] !== -1) place = (place + 1) & mask;
		slots[place] = slot;
	}
	return hash => {
		let place = hash & mask;
		let slot = slots[place] as number;
		while (slot !== -1 && hashes[slot] !== hash) {
			place = (place + 1) & mask;
			slot = slots[place] as number;
		}
		return slot;
	};
}
