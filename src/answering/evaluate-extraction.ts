import { EvaluationDocument, EvaluationQuery, indexDocuments, readRows } from '../knowledge/evaluate-retrieval.ts';
import type { Language } from '../language.ts';
import { extractAnswer } from './extract.ts';

/** How often extracted answers contain the right one, search included. */
export interface ExtractionFigures {
	/** Questions whose answer stands word for word in their document; only these count. */
	questions: number;
	/** Percent whose right answer is in the sentences chosen. */
	answered: number;
	/** Percent that were held not answerable. */
	declined: number;
	/** Sentences chosen per answer, on average. */
	sentences: number;
}

/** Searches and extracts for the questions of a JSONL file. Throws, naming the line, for a bad file. */
export async function evaluateExtraction(files: {
	docs: string;
	queries: string;
	language: Language;
}): Promise<ExtractionFigures> {
	const { language } = files;
	const documents = await readRows(files.docs, EvaluationDocument);
	const texts = new Map(documents.map(({ id, text }) => [id, plain(text)]));
	const queries = (await readRows(files.queries, EvaluationQuery)).filter(({ doc, ans }) =>
		ans.some(answer => texts.get(doc)?.includes(plain(answer))),
	);
	const index = indexDocuments(documents, language);
	let answered = 0;
	let extracted = 0;
	let sentences = 0;
	for (const { q: question, ans } of queries) {
		const found = index.search({ query: question, language, audiences: ['public'], limit: 5 });
		const extraction = extractAnswer({ question, found, idf: index.idf });
		if (extraction.kind === 'not_answerable') continue;
		extracted++;
		sentences += extraction.sentences.length;
		if (extraction.sentences.some(({ text }) => ans.some(answer => plain(text).includes(plain(answer))))) answered++;
	}
	const percent = (count: number) => Number(((100 * count) / queries.length).toFixed(1));
	return {
		questions: queries.length,
		answered: percent(answered),
		declined: percent(queries.length - extracted),
		sentences: Number((sentences / extracted).toFixed(2)),
	};
}

function plain(text: string): string {
	return text.replace(/\s+/gu, ' ').trim().toLowerCase();
}
