import type { Article } from '../../src/knowledge/article.ts';
import { chunkArticle } from '../../src/knowledge/chunk.ts';
import { createSearchIndex, type SearchIndex } from '../../src/knowledge/search-index.ts';

export function article(fields: Partial<Article> & Pick<Article, 'id'>): Article {
	return {
		language: 'en',
		title: 'Untitled',
		body: '',
		category: null,
		audience: 'public',
		state: 'published',
		url: null,
		...fields,
	};
}

export function indexOf(...articles: Article[]): SearchIndex {
	const index = createSearchIndex();
	for (const one of articles) index.put(one.id, chunkArticle(one));
	return index;
}
