import { basename, join } from 'node:path';
import type { Article } from '../knowledge/article.ts';
import { chunkArticle } from '../knowledge/chunk.ts';
import { readArticles } from '../knowledge/import.ts';
import { createMeaningIndex } from '../knowledge/meaning-index.ts';
import type { ConceptsOf } from '../knowledge/passage-concepts.ts';
import { createSearchIndex, type SearchIndex } from '../knowledge/search-index.ts';
import { type Language, languages } from '../language.ts';
import { articleId, articlesDir } from './shop.ts';

/** The shop's help pages. @throws where one of them has a fault: they are ours. */
export async function readDemoArticles(): Promise<Article[]> {
	const articles: Article[] = [];
	for (const language of languages) {
		for await (const step of readArticles(join(articlesDir, language), { detectLanguage: () => language })) {
			if (step.kind === 'fault') throw new Error(`${step.file}: ${step.message}`);
			if (step.kind === 'article') articles.push(ofTheShop(step.article, step.file, language));
		}
	}
	return articles;
}

function ofTheShop(article: Article, file: string, language: Language): Article {
	return { ...article, language, id: articleId(language, basename(file)) };
}

/** A search index over the shop's help pages, without a database. */
export async function createDemoSearch(conceptsOf: ConceptsOf): Promise<SearchIndex> {
	const search = createMeaningIndex(createSearchIndex(), conceptsOf);
	for (const article of await readDemoArticles()) search.put(article.id, chunkArticle(article));
	return search;
}
