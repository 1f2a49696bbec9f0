/** Where each hash is, found by open addressing: a `Map` of the sensitivity classifier's 500,000 would take five times the memory. */
export interface SlotTable {
	/** Writes to `slots` where each hash is in the records, -1 where it is in none. All of a message in one loop: the misses overlap. */
	locate(hashes: Int32Array, slots: Int32Array): void;
}

/** @param records each begins with its hash: 31 bits, well mixed, each once. @param recordLength numbers a record. */
export function createSlotTable(records: Int32Array, recordLength = 1): SlotTable {
	const mask = 2 ** Math.ceil(Math.log2((2 * records.length) / recordLength + 2)) - 1;
	const places = new Int32Array(mask + 1).fill(-1);
	for (let slot = 0; slot < records.length; slot += recordLength) {
		let place = (records[slot] as number) & mask;
		while (places[place] !== -1) place = (place + 1) & mask;
		places[place] = slot;
	}
	return {
		locate(hashes, slots) {
			for (let i = 0; i < hashes.length; i++) {
				const hash = hashes[i] as number;
				let place = hash & mask;
				let slot = places[place] as number;
				while (slot !== -1 && records[slot] !== hash) {
					place = (place + 1) & mask;
					slot = places[place] as number;
				}
				slots[i] = slot;
			}
		},
	};
}
