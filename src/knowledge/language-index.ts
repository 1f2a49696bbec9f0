import type { Language } from '../language.ts';
import type { Audience, FoundPassage, Passage } from './article.ts';
import { askedStems, type Coverage, coverageBy } from './asked-stems.ts';
import { type Bm25, createBm25 } from './bm25.ts';
import { createNearness } from './nearness.ts';
import { queryWords } from './query-words.ts';
import { createStemNumbers } from './stem-numbers.ts';
import { synonymForms } from './synonyms.ts';
import { gramsOfForms, gramsOfWords, stemsOfForms, stemsOfWords, type WordForms, wordsOf } from './tokenize.ts';
import { type ScoredSlot, topSlots } from './top-slots.ts';

/** The passages of one language under two BM25 indexes: stems for meaning, character 4-grams for compounds and typing errors. */
export interface LanguageIndex {
	readonly size: number;
	add(passages: readonly Passage[]): void;
	remove(articleId: string): void;
	search(query: string, filter: PassageFilter, limit: number): FoundPassage[];
	/** What a search for the query would say of each of the article's passages, if it found them. */
	coverageOf(articleId: string, query: string): Coverage[];
	/** How much a stem tells, as the passages of this language use it. */
	idf(stem: string): number;
}

export interface PassageFilter {
	audiences: readonly Audience[];
	/** Articles without a category match every search. */
	categories: readonly string[] | null;
	/** Categories whose passages are lifted among equals. */
	preferred: readonly string[];
}

export function createLanguageIndex(language: Language): LanguageIndex {
	const stems = createBm25<string>(saturation);
	const grams = createBm25<number>(saturation);
	const passages: (Passage | undefined)[] = [];
	const numbers = createStemNumbers();
	const asking = { idf: stems.idf, numberOf: numbers.numberOf };
	/** The stems of each slot's text in their order. */
	const sequences: Int32Array[] = [];
	const groups: Group[] = [];
	let groupOfSlot = new Uint16Array(1024);
	const freeSlots: number[] = [];
	const slotsByArticle = new Map<string, number[]>();
	let stemScores = new Float32Array(1024);
	let gramScores = new Float32Array(1024);
	/** For each slot a bit for each distinct stem of the query that it has. */
	let marks = new Uint32Array(1024);

	function add(passage: Passage) {
		const slot = freeSlots.pop() ?? passages.length;
		passages[slot] = passage;
		if (slot >= stemScores.length) {
			const room = Math.ceil(slot * 1.5);
			stemScores = new Float32Array(room);
			gramScores = new Float32Array(room);
			marks = new Uint32Array(room);
			const wider = new Uint16Array(room);
			wider.set(groupOfSlot);
			groupOfSlot = wider;
		}
		groupOfSlot[slot] = groupOf(passage);
		const terms = termsOf(passage);
		sequences[slot] = numbers.hold(terms.sequence);
		stems.add(slot, terms.stems.frequencies, terms.stems.length);
		grams.add(slot, terms.grams.frequencies, terms.grams.length);
		const slots = slotsByArticle.get(passage.articleId);
		if (slots) slots.push(slot);
		else slotsByArticle.set(passage.articleId, [slot]);
	}

	function termsOf(passage: Passage) {
		const body = wordsOf(passage.text);
		const title = wordsOf([passage.title, ...passage.headings].join(' '));
		const sequence = stemsOfWords(body, language);
		return {
			sequence,
			stems: boosted(sequence, stemsOfWords(title, language)),
			grams: boosted(gramsOfWords(body, language), gramsOfWords(title, language)),
		};
	}

	function search(query: string, filter: PassageFilter, limit: number): FoundPassage[] {
		const words = mostInformative(queryWords(query, language));
		const queryStems = stemsOfForms(words);
		const synonyms = synonymForms(words, language);
		const synonymStems = synonyms.map(({ word }) => word);
		scoreAll(stems, withSynonyms(queryStems, synonymStems, synonymShare.stems), stemScores);
		const queryGrams = gramsOfForms(words);
		scoreAll(grams, withSynonyms(queryGrams, gramsOfForms(synonyms), synonymShare.grams), gramScores);
		hideOthers(filter);
		const bonusOfGroup = groups.map(({ category }) =>
			category && filter.preferred.includes(category) ? preference : 0,
		);
		const bestStem = bestSlot(stemScores, passages.length);
		const bestGram = bestSlot(gramScores, passages.length);
		const stemUnit = at(stemScores, bestStem) || 1;
		const gramUnit = at(gramScores, bestGram) || 1;
		const fused = (slot: number) =>
			stemShare * (at(stemScores, slot) / stemUnit) +
			(1 - stemShare) * (at(gramScores, slot) / gramUnit) +
			(at(gramScores, slot) > 0 ? (bonusOfGroup[groupOfSlot[slot] as number] as number) : 0);
		const asked = askedStems(queryStems, asking);
		const nearness = createNearness(asked);
		const nearer = ({ slot, score }: ScoredSlot): ScoredSlot => {
			const { within, phrases } = nearness(sequences[slot] as Int32Array);
			return { slot, score: (score + nearnessShare * (within + phrases)) / (1 + 2 * nearnessShare) };
		};
		const top = topSlots(passages.length, Math.max(limit, reranked), fused)
			.map((scored, rank) =>
				rank < reranked ? nearer(scored) : { ...scored, score: scored.score / (1 + 2 * nearnessShare) },
			)
			.sort((one, other) => other.score - one.score);

		marks.fill(0, 0, passages.length);
		for (const [place, stem] of asked.distinct.entries()) stems.mark(stem, 2 ** place, marks);
		return top.slice(0, limit).map(({ slot, score }): FoundPassage => {
			const passage = passageAt(slot);
			const { coverage, matchedTerms } = coverageBy(asked, place => (((marks[slot] as number) >>> place) & 1) === 1);
			const rival = top.find(other => passageAt(other.slot).articleId !== passage.articleId);
			return {
				passage,
				score: Math.min(1, score),
				coverage,
				agreement: bestStem === bestGram,
				crossLanguage: false,
				signals: {
					stemScore: at(stemScores, slot),
					gramScore: at(gramScores, slot),
					margin: score - (rival?.score ?? 0),
					matchedTerms,
					queryTerms: asked.distinct.length,
				},
			};
		});
	}

	function coverageOf(articleId: string, query: string): Coverage[] {
		const queryStems = stemsOfForms(mostInformative(queryWords(query, language)));
		const asked = askedStems(queryStems, asking);
		const slots = slotsByArticle.get(articleId) ?? [];
		return slots.map(slot => coverageBy(asked, place => stems.has(asked.distinct[place] as string, slot)));
	}

	function scoreAll<Term extends string | number>(
		index: Bm25<Term>,
		query: ReadonlyMap<Term, number>,
		scores: Float32Array,
	) {
		scores.fill(0, 0, passages.length);
		index.score(query, scores);
	}

	/** Takes every score from what may not be seen, so that it can neither be found nor be the measure of what is. */
	function hideOthers(filter: PassageFilter) {
		const isVisible = Uint8Array.from(groups, group => (isAllowed(group, filter) ? 1 : 0));
		if (!isVisible.includes(0)) return;
		for (let slot = 0; slot < passages.length; slot++) {
			if (isVisible[groupOfSlot[slot] as number] === 1) continue;
			stemScores[slot] = 0;
			gramScores[slot] = 0;
		}
	}

	/** Passages seen under the same conditions form a group, so that a search asks once per group. */
	function groupOf({ audience, category }: Passage): number {
		const known = groups.findIndex(group => group.audience === audience && group.category === category);
		return known >= 0 ? known : groups.push({ audience, category }) - 1;
	}

	function passageAt(slot: number): Passage {
		return passages[slot] as Passage;
	}

	/**
	 * Of a long ticket the words that tell most, in their order: the rarest that articles use, and some that none uses,
	 * which may be compounds or mistyped.
	 */
	function mostInformative(words: readonly WordForms[]): readonly WordForms[] {
		const distinct = new Map(words.map(form => [form.word, form.stem]));
		if (distinct.size <= mostQueryWords) return words;
		const known: { word: string; weight: number }[] = [];
		const unknown: string[] = [];
		for (const [word, stem] of distinct) {
			if (!stem) continue;
			if (stems.isKnown(stem)) known.push({ word, weight: stems.idf(stem) });
			else unknown.push(word);
		}
		known.sort((one, other) => other.weight - one.weight);
		const room = Math.max(mostUnknownWords, mostQueryWords - known.length);
		const kept = new Set(unknown.slice(0, room));
		for (const { word } of known.slice(0, mostQueryWords - kept.size)) kept.add(word);
		return words.filter(({ word }) => kept.has(word));
	}

	return {
		get size() {
			return passages.length - freeSlots.length;
		},
		add: added => {
			for (const passage of added) add(passage);
		},
		remove(articleId) {
			for (const slot of slotsByArticle.get(articleId) ?? []) {
				const passage = passages[slot];
				if (!passage) continue;
				numbers.release(sequences[slot] as Int32Array);
				const terms = termsOf(passage);
				stems.remove(slot, terms.stems.frequencies.keys());
				grams.remove(slot, terms.grams.frequencies.keys());
				passages[slot] = undefined;
				freeSlots.push(slot);
			}
			slotsByArticle.delete(articleId);
		},
		search,
		coverageOf,
		idf: stems.idf,
	};
}

// Measured on five public question sets: 0.3 to 1.8 points of recall at 1 over k1 = 1.2, equal shares and no nearness.
const saturation = { k1: 0.8, b: 0.75 };
const stemShare = 0.4;
const nearnessShare = 0.3;
/** What a synonym counts next to the customer's own word; on paraphrased questions 3 points of recall at 3. */
const synonymShare = { stems: 0.35, grams: 0.2 };
/** What a likely category adds. Where it is the right one, paraphrased questions gain 9 to 12 points of recall at 1. */
const preference = 0.2;
const reranked = 20;
/** A question has about ten; a ticket of three hundred words would take thirty times as long and find no better. */
const mostQueryWords = 24; // no more than there are bits in a mark
const mostUnknownWords = 6;

type Group = Pick<Passage, 'audience' | 'category'>;

interface Terms<Term> {
	frequencies: Map<Term, number>;
	length: number;
}

/** A title's words count as if they stood twice more in the text; they do not make the passage longer. */
function boosted<Term>(body: readonly Term[], title: readonly Term[]): Terms<Term> {
	const frequencies = countTerms(body);
	for (const term of title) frequencies.set(term, (frequencies.get(term) ?? 0) + 2);
	return { frequencies, length: body.length };
}

function withSynonyms<Term>(own: readonly Term[], synonyms: readonly Term[], share: number): Map<Term, number> {
	const weights = countTerms(own);
	for (const term of synonyms) if (!weights.has(term)) weights.set(term, share);
	return weights;
}

function countTerms<Term>(terms: readonly Term[]): Map<Term, number> {
	const counts = new Map<Term, number>();
	for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
	return counts;
}

function isAllowed({ audience, category }: Group, { audiences, categories }: PassageFilter): boolean {
	return audiences.includes(audience) && (categories === null || category === null || categories.includes(category));
}

function bestSlot(scores: Float32Array, size: number): number {
	let best = 0;
	for (let slot = 1; slot < size; slot++) if (at(scores, slot) > at(scores, best)) best = slot;
	return best;
}

function at(scores: Float32Array, slot: number): number {
	return scores[slot] as number;
}
