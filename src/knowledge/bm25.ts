import { createPostingStore, hasSlot, type PostingList } from './postings.ts';

/** A BM25 index over numbered slots, edited in place, so that document frequencies and the average length are always exact. */
export interface Bm25<Term extends string | number> {
	/** Adds a document under a free slot below 2^24. `length` is its number of terms before any boost. */
	add(slot: number, frequencies: ReadonlyMap<Term, number>, length: number): void;
	/** Takes out what `add` put in; the terms must be the same. */
	remove(slot: number, terms: Iterable<Term>): void;
	/** Adds each document's score for the weighted query terms to `scores[slot]`. */
	score(query: ReadonlyMap<Term, number>, scores: Float32Array): void;
	/** Inverse document frequency. */
	idf(term: Term): number;
	has(term: Term, slot: number): boolean;
	/** Sets the bits in `marks[slot]` of each document that has the term. */
	mark(term: Term, bits: number, marks: Uint32Array): void;
	/** Whether any document has the term. */
	isKnown(term: Term): boolean;
}

export interface Bm25Options {
	/** How soon repetition of a term stops adding. */
	k1: number;
	/** How much longer documents are held back, 0 to 1. */
	b: number;
}

export function createBm25<Term extends string | number>({ k1, b }: Bm25Options): Bm25<Term> {
	const store = createPostingStore();
	const postings = new Map<Term, PostingList>();
	let lengths = new Float32Array(1024);
	let norms = new Float32Array(1024);
	let areNormsFresh = false;
	let documents = 0;
	let totalLength = 0;

	function idf(term: Term): number {
		return idfOf(postings.get(term)?.size ?? 0);
	}

	/** @param frequency how many documents have the term. */
	function idfOf(frequency: number): number {
		return Math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5));
	}

	function refreshNorms() {
		const average = totalLength / documents || 1;
		for (let slot = 0; slot < lengths.length; slot++) {
			norms[slot] = k1 * (1 - b + (b * (lengths[slot] as number)) / average);
		}
		areNormsFresh = true;
	}

	function makeRoom(slot: number) {
		if (slot < lengths.length) return;
		const wider = new Float32Array(Math.max(slot + 1, Math.ceil(lengths.length * 1.5)));
		wider.set(lengths);
		lengths = wider;
		norms = new Float32Array(wider.length);
	}

	return {
		add(slot, frequencies, length) {
			makeRoom(slot);
			for (const [term, frequency] of frequencies) {
				const list = postings.get(term);
				if (list) store.insert(list, slot, frequency);
				else postings.set(term, store.create(slot, frequency));
			}
			lengths[slot] = length;
			totalLength += length;
			documents++;
			areNormsFresh = false;
		},
		remove(slot, terms) {
			for (const term of terms) {
				const list = postings.get(term);
				if (!list) continue;
				store.remove(list, slot);
				if (list.size === 0) postings.delete(term);
			}
			totalLength -= lengths[slot] ?? 0;
			lengths[slot] = 0;
			documents--;
			areNormsFresh = false;
		},
		score(query, scores) {
			if (!areNormsFresh) refreshNorms();
			for (const [term, weight] of query) {
				const list = postings.get(term);
				if (list) addScores(list, weight * idfOf(list.size) * (k1 + 1), norms, scores);
			}
		},
		idf,
		isKnown: term => postings.has(term),
		mark(term, bits, marks) {
			const list = postings.get(term);
			if (!list) return;
			const { page, start, size } = list;
			for (let index = start; index < start + size; index++) {
				const slot = (page[index] as number) >>> 8;
				marks[slot] = (marks[slot] as number) | bits;
			}
		},
		has(term, slot) {
			const list = postings.get(term);
			return list !== undefined && hasSlot(list, slot);
		},
	};
}

function addScores({ page, start, size }: PostingList, factor: number, norms: Float32Array, scores: Float32Array) {
	for (let index = start; index < start + size; index++) {
		const posting = page[index] as number;
		const slot = posting >>> 8;
		const frequency = posting & 255;
		scores[slot] = (scores[slot] as number) + (factor * frequency) / (frequency + (norms[slot] as number));
	}
}
