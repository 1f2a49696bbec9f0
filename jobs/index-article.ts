import type { Knowledge } from '../src/knowledge/knowledge.ts';
import type { Job } from '../src/pipeline.ts';

export interface IndexArticleDeps {
	knowledge: Pick<Knowledge, 'index'>;
}

/** Cuts a changed article into chunks, stores them, and tells every process's search index. */
export function createIndexArticle({ knowledge }: IndexArticleDeps): Job<'index-article'> {
	return {
		run: ({ tenantId, articleId }) => knowledge.index(tenantId, articleId),
	};
}
