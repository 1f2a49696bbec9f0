import type { FoundPassage, Passage } from '../knowledge/article.ts';
import { queryWords } from '../knowledge/query-words.ts';
import { gramsOfWords, stemsOf, stemsOfWords, wordsOf } from '../knowledge/tokenize.ts';
import type { Language } from '../language.ts';
import { type AnswerUnit, answerUnits } from './answer-units.ts';
import { askedFor, holds } from './question-cues.ts';

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
	const ranked = found
		.slice(0, mostPassages)
		.flatMap(one => scoreUnits(question, one, idf))
		.sort((one, other) => other.score - one.score);
	const best = ranked[0];
	if (!best) return { kind: 'not_answerable', signals: { score: 0, coverage: 0, holdsAskedFor: false } };
	const chosen = ranked.slice(0, limit).filter(({ score }) => score >= best.score - widestGap);
	const signals: ExtractionSignals = {
		score: best.score,
		coverage: coverageOf(question, chosen, idf),
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
/** Taken from what is too short to be a sentence. */
const scrapPenalty = 0.1;

interface ScoredUnit {
	unit: AnswerUnit;
	passage: Passage;
	score: number;
	holdsAskedFor: boolean;
}

function scoreUnits(question: string, { passage, score }: FoundPassage, idf: ExtractionRequest['idf']): ScoredUnit[] {
	const { language } = passage;
	const words = queryWords(question, language);
	const asked = new Map(stemsOfWords(words, language).map(stem => [stem, idf(stem, language)]));
	const askedGrams = new Set(gramsOfWords(words, language));
	const kind = askedFor(question, language)[0];
	const above = stemsOf([passage.title, ...passage.headings].join(' '), language);
	const units = answerUnits(passage);
	const stems = units.map(({ text }) => stemsOf(text, language));
	const scored = units.map((unit, index) => {
		const own = stems[index] ?? [];
		const near = [
			...own,
			...(stems[index - 1] ?? []),
			...(stems[index + 1] ?? []),
			...stemsOf(unit.heading, language),
			...above,
		];
		const unitWords = wordsOf(unit.text);
		const grams = new Set(gramsOfWords(unitWords, language));
		const holdsAskedFor = kind === undefined || holds(unit.text, kind);
		const isScrap = unitWords.length < 4;
		return {
			unit,
			passage,
			holdsAskedFor,
			score:
				weights.own * share(asked, new Set(own)) +
				weights.context * share(asked, new Set(near)) +
				(weights.grams * askedGrams.intersection(grams).size) / (askedGrams.size || 1) +
				(kind !== undefined && holdsAskedFor ? weights.cue : 0) +
				weights.passage * score -
				(isScrap ? scrapPenalty : 0),
		};
	});
	// A question that stands in the text is no answer, however well it fits.
	return scored.filter(({ unit }) => !unit.text.endsWith('?'));
}

/** The share of the asked weight that is present, 0 to 1. */
function share(asked: ReadonlyMap<string, number>, present: ReadonlySet<string>): number {
	let total = 0;
	let covered = 0;
	for (const [stem, weight] of asked) {
		total += weight;
		if (present.has(stem)) covered += weight;
	}
	return total ? covered / total : 0;
}

function coverageOf(question: string, chosen: readonly ScoredUnit[], idf: ExtractionRequest['idf']): number {
	const language = chosen[0]?.passage.language;
	if (!language) return 0;
	const asked = stemsOfWords(queryWords(question, language), language);
	const text = chosen
		.flatMap(({ unit, passage }) => [passage.title, ...passage.headings, unit.heading, unit.text])
		.join(' ');
	return share(new Map(asked.map(stem => [stem, idf(stem, language)])), new Set(stemsOf(text, language)));
}
