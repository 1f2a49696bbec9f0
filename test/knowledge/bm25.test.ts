import { describe, expect, test } from 'vitest';
import { createBm25 } from '../../src/knowledge/bm25.ts';

const terms = (text: string) => {
	const counts = new Map<string, number>();
	for (const word of text.split(' ')) counts.set(word, (counts.get(word) ?? 0) + 1);
	return counts;
};

function indexed(documents: Record<number, string>) {
	const index = createBm25<string>({ k1: 1.2, b: 0.75 });
	for (const [slot, text] of Object.entries(documents)) index.add(Number(slot), terms(text), text.split(' ').length);
	return index;
}

const scores = (index: ReturnType<typeof indexed>, query: string, size = 8) => {
	const found = new Float32Array(size);
	index.score(terms(query), found);
	return [...found].map(score => Number(score.toFixed(4)));
};

describe('createBm25', () => {
	test('scores are those of the formula', () => {
		const index = indexed({ 0: 'a b', 1: 'a a c d' });
		// N = 2, average length 3; idf(c) = ln(1 + 1.5 / 1.5), tf 1, length 4
		const norm = 1.2 * (0.25 + (0.75 * 4) / 3);
		expect(scores(index, 'c', 2)).toEqual([0, Number(((Math.log(2) * 2.2) / (1 + norm)).toFixed(4))]);
	});

	test('after removals and additions every score is that of an index built afresh', () => {
		let seed = 7;
		const random = (below: number) => {
			seed = (seed * 16807) % 2147483647;
			return seed % below;
		};
		const text = () => Array.from({ length: 5 + random(20) }, () => `t${random(random(40) + 1)}`).join(' ');
		const documents: Record<number, string> = {};
		const index = indexed({});
		for (let round = 0; round < 600; round++) {
			const slot = random(60);
			const before = documents[slot];
			if (before !== undefined) {
				index.remove(slot, terms(before).keys());
				delete documents[slot];
			}
			if (random(3) > 0) {
				const added = text();
				documents[slot] = added;
				index.add(slot, terms(added), added.split(' ').length);
			}
		}
		const afresh = indexed(documents);
		for (const query of ['t0', 't1 t7 t12', 't39 t20 t0 t3'])
			expect(scores(index, query, 60)).toEqual(scores(afresh, query, 60));
		for (let term = 0; term < 40; term++) {
			for (let slot = 0; slot < 60; slot++) {
				expect(index.has(`t${term}`, slot)).toBe(documents[slot]?.split(' ').includes(`t${term}`) ?? false);
			}
		}
	});

	test('a term no document has tells the most and scores nothing', () => {
		const index = indexed({ 0: 'a b', 1: 'a' });
		expect(index.idf('never')).toBeGreaterThan(index.idf('b'));
		expect(scores(index, 'never', 2)).toEqual([0, 0]);
	});
});
