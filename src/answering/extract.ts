import type { FoundPassage, Passage } from '../knowledge/article.ts';
import type { Language } from '../language.ts';
import type { AnswerUnit } from './answer-units.ts';
import { type AskedWords, askedWords } from './asked-words.ts';
import { holds } from './question-cues.ts';
import { readPassage } from './read-passage.ts';

/** An answer made of the knowledge's own sentences, so that it can say nothing the knowledge does not. */
export type Extraction =
	| { kind: 'extracted'; sentences: ExtractedSentence[]; signals: ExtractionSignals }
	| { kind: 'not_answerable'; signals: ExtractionSignals };

export interface ExtractedSentence {
	/** Verbatim from the passage: a sentence, or a list of steps with its lead-in. */
	text: string;
	passageId: string;
}

export interface ExtractionSignals {
	/** How well the best sentence fits, about 0 to 1. */
	score: number;
	/** Share of the question's informative weight that the chosen sentences and their headings cover, 0 to 1. */
	coverage: number;
	/** Whether a chosen sentence holds the kind of thing asked for; true where the question does not tell. */
	holdsAskedFor: boolean;
}

export interface ExtractionRequest {
	question: string;
	/** The passages found, best first. */
	found: readonly FoundPassage[];
	/** How much a stem tells, from the index that was searched. */
	idf: (stem: string, language: Language) => number;
	/** At most this many sentences; 3 unless said. */
	limit?: number;
}

/** Up to three sentences of the best passages that answer the question, those of one passage together and in its order. */
export function extractAnswer({ question, found, idf, limit = 3 }: ExtractionRequest): Extraction {
	const askedIn = new Map<Language, AskedWords>();
	const askedBy = ({ language }: Passage): AskedWords => {
		const known = askedIn.get(language) ?? askedWords(question, language, stem => idf(stem, language));
		askedIn.set(language, known);
		return known;
	};
	const ranked = found
		.slice(0, mostPassages)
		.flatMap(one => scoreUnits(one, askedBy(one.passage)))
		.sort((one, other) => other.score - one.score);
	const best = ranked[0];
	if (!best) return { kind: 'not_answerable', signals: { score: 0, coverage: 0, holdsAskedFor: false } };
	const chosen = ranked.slice(0, limit).filter(({ score }) => score >= best.score - widestGap);
	const signals: ExtractionSignals = {
		score: best.score,
		coverage: askedBy(best.passage).share(...chosen.flatMap(({ hits }) => hits)),
		holdsAskedFor: chosen.some(({ holdsAskedFor }) => holdsAskedFor),
	};
	if (best.score < leastScore) return { kind: 'not_answerable', signals };
	const order = [...new Set(chosen.map(({ passage }) => passage.id))];
	const placeOf = ({ passage }: ScoredUnit) => order.indexOf(passage.id);
	const sentences = chosen
		.sort((one, other) => placeOf(one) - placeOf(other) || one.unit.position - other.unit.position)
		.map(({ unit, passage }) => ({ text: unit.text, passageId: passage.id }));
	return { kind: 'extracted', sentences, signals };
}

const mostPassages = 5;
/** A second or third sentence that fits so much worse than the best adds more doubt than answer. */
const widestGap = 0.22;
/**
 * Below this fall at most 3 % of the questions that some article answers, and a third to three quarters of those that none
 * does. The rest is for the calibrator, to whom `signals` go.
 */
const leastScore = 0.2;

// Fitted by listwise logistic regression on five public question sets, where fitting without a language changed nothing in it.
const weights = {
	/** Share of the question's informative weight in the sentence itself. */
	own: 0.14,
	/** The same in the sentence, its neighbours, its headings and the title. */
	context: 0.24,
	/** Share of the question's character 4-grams. */
	grams: 0.19,
	/** A date where the question asks when, an amount where it asks how much … */
	cue: 0.07,
	/** Score of the passage. */
	passage: 0.36,
};
/** Taken from what has fewer words than a sentence. */
const scrapPenalty = 0.1;
const scrapWords = 4;

interface ScoredUnit {
	unit: AnswerUnit;
	passage: Passage;
	score: number;
	holdsAskedFor: boolean;
	/** Places in the question of what the title, the headings and the sentence itself have of it. */
	hits: readonly (readonly number[])[];
}

function scoreUnits({ passage, score }: FoundPassage, asked: AskedWords): ScoredUnit[] {
	const { units, above } = readPassage(passage);
	const aboveHits = asked.hits(above);
	const hits = units.map(({ stems }) => asked.hits(stems));
	return units.flatMap(({ unit, grams, headingStems, words }, index) => {
		// A question that stands in the text is no answer, however well it fits.
		if (unit.text.endsWith('?')) return [];
		const own = hits[index] ?? [];
		const around = [asked.hits(headingStems), aboveHits];
		const holdsAskedFor = asked.kind === undefined || holds(unit.text, asked.kind);
		return {
			unit,
			passage,
			holdsAskedFor,
			hits: [own, ...around],
			score:
				weights.own * asked.share(own) +
				weights.context * asked.share(own, hits[index - 1] ?? [], hits[index + 1] ?? [], ...around) +
				weights.grams * asked.gramShare(grams) +
				(asked.kind !== undefined && holdsAskedFor ? weights.cue : 0) +
				weights.passage * score -
				(words < scrapWords ? scrapPenalty : 0),
		};
	});
}
