import { create, insertMultiple, search } from '@orama/orama';
import MiniSearch from 'minisearch';
import { root } from '../../src/assemble.ts';
import type { Article } from '../../src/knowledge/article.ts';
import { chunkArticle } from '../../src/knowledge/chunk.ts';
import { createMeaningIndex } from '../../src/knowledge/meaning-index.ts';
import { createSearchIndex } from '../../src/knowledge/search-index.ts';
import { stemsOf } from '../../src/knowledge/tokenize.ts';
import { type Language, languages } from '../../src/language.ts';
import { loadConcepts } from '../../src/policy/load-models.ts';

export const engineNames = ['understudy', 'minisearch', 'orama'] as const;
export type EngineName = (typeof engineNames)[number];

/** Ids of articles, best first; one may come more than once. */
export type Find = (query: string, language: Language) => string[];

/**
 * How each engine makes its index. All get the same words, as our own: accents folded, stop words left out, Snowball stems.
 * What else they can be told was chosen by the demo's own questions, which are not those that are measured.
 */
export const engines: Record<EngineName, () => Promise<(articles: readonly Article[]) => Find>> = {
	async understudy() {
		const conceptsOf = await loadConcepts(`${root}/locales`);
		return articles => {
			const index = createMeaningIndex(createSearchIndex(), conceptsOf);
			for (const article of articles) index.put(article.id, chunkArticle(article));
			return (query, language) =>
				index.search({ query, language, audiences: ['public'], limit: 40 }).map(({ passage }) => passage.articleId);
		};
	},

	// Whole articles and prefixes did better than passages, fuzziness and any other weight of the title.
	async minisearch() {
		return articles => {
			const indexes = byLanguage(articles, (language, some) => {
				const index = new MiniSearch<Article>({
					fields: ['title', 'body'],
					tokenize: text => stemsOf(text, language),
					processTerm: term => term,
				});
				index.addAll([...some]);
				return index;
			});
			return (query, language) =>
				indexes[language].search(query, { prefix: true, boost: { title: 2 } }).map(({ id }) => id as string);
		};
	},

	// Whole articles did better than passages; it cannot be told to leave prefixes alone.
	async orama() {
		return articles => {
			const indexes = byLanguage(articles, (language, some) => {
				const tokenize = (text: string) => [...new Set(stemsOf(text, language))];
				const index = create({
					schema: { title: 'string', body: 'string' } as const,
					components: { tokenizer: { language: 'custom', normalizationCache: new Map(), tokenize } },
				});
				// Takes effect at once: only a hook that waits would make it wait.
				void insertMultiple(
					index,
					some.map(({ id, title, body }) => ({ id, title, body })),
				);
				return index;
			});
			const relevance = { k: 1.2, b: 0.7, d: 1.5 };
			return (query, language) => {
				const found = search(indexes[language], { term: query, limit: 40, relevance });
				if (found instanceof Promise) throw new Error('Orama searches without waiting where no hook waits');
				return found.hits.map(({ id }) => id);
			};
		};
	},
};

function byLanguage<Index>(
	articles: readonly Article[],
	create: (language: Language, some: readonly Article[]) => Index,
): Record<Language, Index> {
	const made = languages.map(language => [
		language,
		create(
			language,
			articles.filter(one => one.language === language),
		),
	]);
	return Object.fromEntries(made) as Record<Language, Index>;
}
