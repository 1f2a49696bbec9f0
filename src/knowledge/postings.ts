/**
 * Sorted lists of slot and frequency, one 32-bit number each, kept in shared pages: a quarter of a million lists that
 * each owned a typed array would spend more memory on headers and on what `malloc` cannot reuse than on postings.
 */
export interface PostingStore {
	/** A list of one posting. */
	create(slot: number, frequency: number): PostingList;
	/** Puts a posting in its place; the list must not have the slot yet. */
	insert(list: PostingList, slot: number, frequency: number): void;
	/** Takes a slot's posting out, where there is one; the last one's list must not be used again. */
	remove(list: PostingList, slot: number): void;
}

/** Entries `start` to `start + size` of `page` are `slot * 256 + frequency`, rising. */
export interface PostingList {
	page: Uint32Array;
	start: number;
	/** Entries there is room for: a power of two. */
	capacity: number;
	size: number;
}

export function createPostingStore(): PostingStore {
	const free = new Map<number, { page: Uint32Array; start: number }[]>();
	let page = new Uint32Array(0);
	let used = 0;

	function allocate(capacity: number): { page: Uint32Array; start: number } {
		const reused = free.get(capacity)?.pop();
		if (reused) return reused;
		if (capacity > pageLength) return { page: new Uint32Array(capacity), start: 0 };
		if (used + capacity > page.length) {
			page = new Uint32Array(pageLength);
			used = 0;
		}
		used += capacity;
		return { page, start: used - capacity };
	}

	function release({ page, start, capacity }: PostingList) {
		const blocks = free.get(capacity);
		if (blocks) blocks.push({ page, start });
		else free.set(capacity, [{ page, start }]);
	}

	function widen(list: PostingList) {
		const block = allocate(list.capacity * 2);
		block.page.set(list.page.subarray(list.start, list.start + list.size), block.start);
		release(list);
		Object.assign(list, block, { capacity: list.capacity * 2 });
	}

	return {
		create(slot, frequency) {
			const block = allocate(1);
			block.page[block.start] = pack(slot, frequency);
			return { ...block, capacity: 1, size: 1 };
		},
		insert(list, slot, frequency) {
			if (list.size === list.capacity) widen(list);
			const place = placeOf(list, slot);
			const end = list.start + list.size;
			if (place < end) list.page.copyWithin(place + 1, place, end);
			list.page[place] = pack(slot, frequency);
			list.size++;
		},
		remove(list, slot) {
			if (!hasSlot(list, slot)) return;
			const place = placeOf(list, slot);
			list.page.copyWithin(place, place + 1, list.start + list.size);
			list.size--;
			if (list.size === 0) release(list);
		},
	};
}

const pageLength = 2 ** 18;

export function hasSlot(list: PostingList, slot: number): boolean {
	const place = placeOf(list, slot);
	return place < list.start + list.size && (list.page[place] as number) >>> 8 === slot;
}

function pack(slot: number, frequency: number): number {
	return slot * 256 + Math.min(255, Math.max(1, Math.round(frequency)));
}

/** Where the slot's posting is or belongs. Slots mostly rise, so the end is tried first. */
function placeOf({ page, start, size }: PostingList, slot: number): number {
	const posting = slot * 256;
	let low = start;
	let high = start + size;
	if (size === 0 || (page[high - 1] as number) < posting) return high;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((page[middle] as number) < posting) low = middle + 1;
		else high = middle;
	}
	return low;
}
