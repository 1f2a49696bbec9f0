import { expect, test } from 'vitest';
import type { Passage } from '../../src/knowledge/article.ts';
import {
	askedConcepts,
	conceptNumbers,
	decisiveConcepts,
	describe,
	meaningOf,
} from '../../src/knowledge/passage-concepts.ts';

const names = ['parcel', 'refund', 'late', 'where', 'card', 'address', 'gift', 'return'];
const numbers = conceptNumbers(names);
const conceptsOf = (text: string) => text.split(' ').filter(word => names.includes(word));
const passageOf = (text: string) => ({ text, title: '', headings: [], language: 'en' }) as unknown as Passage;

/** Every choice of the concepts, as the text of a passage. */
const passages = Array.from({ length: 2 ** names.length }, (_, choice) =>
	describe(passageOf(names.filter((_, place) => (choice >> place) & 1).join(' ')), conceptsOf),
);

test.each([0.25, 0.5, 0.75, 1])('a passage that covers %d of a question names one of its decisive concepts', share => {
	const asked = askedConcepts(numbers.slice(0, 6), concept => 0.3 + ((concept * 7) % 5));
	const decisive = decisiveConcepts(asked, share, concept => (concept * 3) % 8);
	const covering = passages.filter(one => meaningOf(asked, one).coverage >= share);
	expect(covering.length).toBeGreaterThan(0);
	for (const { concepts } of covering) expect(decisive.some(concept => concepts.includes(concept))).toBe(true);
	expect(decisive.length).toBeLessThanOrEqual(6);
});

test('what one passage names is not taken for another’s', () => {
	const asked = askedConcepts(conceptNumbers(['refund']), () => 1);
	expect(meaningOf(asked, describe(passageOf('refund refund late'), conceptsOf)).coverage).toBe(1);
	expect(meaningOf(asked, describe(passageOf('late'), conceptsOf))).toEqual({ score: 0, coverage: 0 });
});
