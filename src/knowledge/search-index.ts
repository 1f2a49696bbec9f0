import { type Language, languages } from '../language.ts';
import type { Audience, FoundPassage, Passage } from './article.ts';
import type { Coverage } from './asked-stems.ts';
import { createLanguageIndex, type LanguageIndex } from './language-index.ts';

/** Local search over everything one tenant knows, in memory: one index per language. */
export interface SearchIndex {
	/** Number of passages, in all languages. */
	readonly size: number;
	/** Makes these the article's passages, whatever it had before; an empty list takes it out. */
	put(articleId: string, passages: readonly Passage[]): void;
	remove(articleId: string): void;
	/** The best passages in the query's language, best first. */
	search(request: SearchRequest): FoundPassage[];
	/**
	 * As `search`; where the customer's own language has nothing that covers `enough` of the question, the best of the
	 * other languages follow, marked `crossLanguage`.
	 */
	searchAll(request: SearchRequest): FoundPassage[];
	/**
	 * How much of the query stands in each of the article's passages of its language, whether or not a search would find them:
	 * what a search says of those it finds, for a hundredth of the work.
	 */
	coverageOf(articleId: string, query: string, language: Language): Coverage[];
	/** How much a stem tells in this language: its inverse document frequency. */
	idf(stem: string, language: Language): number;
}

export interface SearchRequest {
	/** The customer's words, however many. */
	query: string;
	language: Language;
	/** Who is asking: only passages for one of these are scored. */
	audiences: readonly Audience[];
	/** Only passages of these categories, or of none; null or absent for all. */
	categories?: readonly string[] | null;
	/** Categories the question is likely about, as its intent tells: among passages that fit alike theirs come first. */
	preferred?: readonly string[];
	limit: number;
}

export function createSearchIndex(): SearchIndex {
	const indexes = new Map<Language, LanguageIndex>(
		languages.map(language => [language, createLanguageIndex(language)]),
	);
	const indexOf = (language: Language) => indexes.get(language) as LanguageIndex;

	function search({
		query,
		language,
		audiences,
		categories = null,
		preferred = [],
		limit,
	}: SearchRequest): FoundPassage[] {
		return indexOf(language).search(query, { audiences, categories, preferred }, limit);
	}

	function remove(articleId: string) {
		for (const index of indexes.values()) index.remove(articleId);
	}

	return {
		get size() {
			return [...indexes.values()].reduce((sum, { size }) => sum + size, 0);
		},
		put(articleId, passages) {
			remove(articleId);
			for (const [language, index] of indexes) index.add(passages.filter(passage => passage.language === language));
		},
		remove,
		search,
		searchAll(request) {
			const own = search(request);
			if ((own[0]?.coverage ?? 0) >= enough) return own;
			const foreign = languages
				.filter(language => language !== request.language)
				.flatMap(language => search({ ...request, language }))
				.map(found => ({ ...found, crossLanguage: true }))
				// Scores are relative to each language's best; coverage compares across them.
				.sort((one, other) => other.coverage - one.coverage || other.signals.stemScore - one.signals.stemScore)
				.filter(({ coverage }) => coverage > (own[0]?.coverage ?? 0));
			return [...own, ...foreign].slice(0, request.limit);
		},
		coverageOf: (articleId, query, language) => indexOf(language).coverageOf(articleId, query),
		idf: (stem, language) => indexOf(language).idf(stem),
	};
}

const enough = 0.35;
