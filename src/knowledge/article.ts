import type { Language } from '../language.ts';

/** One piece of knowledge, whole. What is searched are its passages. */
export interface Article {
	id: string;
	language: Language;
	title: string;
	/** Markdown. */
	body: string;
	/** Policy maps intents to categories to search; null matches every search. */
	category: string | null;
	/** `public`, or the one customer organisation that may see it (`organization:<id>`). */
	audience: Audience;
	state: 'published' | 'retired';
	/** Where a person can read it; citations link here. */
	url: string | null;
}

export type Audience = 'public' | `organization:${string}`;

/** A stretch of an article that answers on its own: the unit of search and of citation. */
export interface Passage {
	/** `<article id>#<ordinal>`. */
	id: string;
	articleId: string;
	language: Language;
	title: string;
	/** The headings above the passage inside its article, outermost first. */
	headings: string[];
	/** Plain text. */
	text: string;
	category: string | null;
	audience: Audience;
	url: string | null;
}

/** A passage as a search found it. */
export interface FoundPassage {
	passage: Passage;
	/** Fused score, 0 to 1: BM25 of stems and of character 4-grams, each over the best of its list, and how near the words stand. */
	score: number;
	/** The share of the query's informative weight (idf) whose stems stand in the passage, 0 to 1. Comparable across queries. */
	coverage: number;
	/** Whether stems and character 4-grams put the same passage first. Same value on every result of a search. */
	agreement: boolean;
	/** True when the passage is in another language than the query's: found by names and loan words alone. */
	crossLanguage: boolean;
	signals: SearchSignals;
}

/** What a confidence calibrator can learn from, besides score, coverage and agreement. */
export interface SearchSignals {
	/** Raw BM25 of the stems; grows with the number and rarity of the words matched. */
	stemScore: number;
	/** Raw BM25 of the character 4-grams. */
	gramScore: number;
	/** Fused score less that of the best passage of another article; negative below the first article. */
	margin: number;
	/** Distinct stems of the query that stand in the passage, its title or its headings. */
	matchedTerms: number;
	/** Distinct stems the query was searched by. */
	queryTerms: number;
	/** Share of the question's concepts, weighted by how much each tells, that the passage names; absent without concepts. */
	conceptCoverage?: number;
	/** How many passages the article has; absent without concepts. */
	passagesOfArticle?: number;
}
