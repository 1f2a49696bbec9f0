import type { Language } from '../language.ts';

/** A sentence of an answer and the passage it stands in. */
export interface AnswerSentence {
	text: string;
	passageId: string;
}

/** Where a claim of the answer can be read. */
export interface Citation {
	passageId: string;
	articleId: string;
	title: string;
	url: string | null;
}

/** What the knowledge has to say to a question. `not_answerable` is for policy, never for the customer. */
export type Answer =
	| {
			kind: 'answer';
			language: Language;
			sentences: AnswerSentence[];
			citations: Citation[];
			/** Figures that the confidence is made from; see `policy/confidence.ts`. */
			signals: AnswerSignals;
	  }
	| { kind: 'not_answerable'; signals: AnswerSignals };

/** How strongly retrieval and extraction speak for the answer. Each 0 to 1, comparable across questions and languages. */
export interface AnswerSignals {
	/** Share of the question's informative weight that the best passage covers. */
	coverage: number;
	/** Share of the question's concepts that the best passage names. */
	conceptCoverage: number;
	/** How much evidence there is at all: words of the question found in the passage, five or more being 1. */
	evidence: number;
	/** How far the best article is ahead of the next one. */
	margin: number;
	/** 1 where a second passage of the article is among the best as well; 0.5 where it has no second one. */
	support: number;
	/** How far its words are ahead of the next article's, in units of a rare word found; -1 to 1. */
	lead: number;
	/** 1 where word stems and character n-grams chose the same passage. */
	agreement: number;
	/** The best sentence's own score. */
	sentence: number;
	/** Share of the question's informative weight that the chosen sentences cover. */
	sentenceCoverage: number;
	/** 1 where a chosen sentence holds the kind of thing asked for: a date, an amount, a place. */
	holdsAskedFor: number;
	/** 1 where the passages are not in the customer's language. */
	isForeign: number;
	/** 1 where the message came with a subject, which mostly names the matter. */
	hasSubject: number;
	/** 1 where the best article is of a category that the policy names for the intent. */
	fitsIntent: number;
}

/** The signals of a search that found nothing. */
export const noSignals: AnswerSignals = {
	coverage: 0,
	conceptCoverage: 0,
	evidence: 0,
	margin: 0,
	support: 0,
	lead: 0,
	agreement: 0,
	sentence: 0,
	sentenceCoverage: 0,
	holdsAskedFor: 0,
	isForeign: 0,
	hasSubject: 0,
	fitsIntent: 0,
};
