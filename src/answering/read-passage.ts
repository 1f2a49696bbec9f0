import { createGenerationCache } from '../generation-cache.ts';
import type { Passage } from '../knowledge/article.ts';
import { gramsOfWords, stemsOf, stemsOfWords, wordsOf } from '../knowledge/tokenize.ts';
import { type AnswerUnit, answerUnits } from './answer-units.ts';

/** What a passage can be quoted with, and what each part of it says: the same for every question. */
export interface PassageReading {
	units: UnitReading[];
	/** Stems of the title and the headings above the passage. */
	above: readonly string[];
}

export interface UnitReading {
	unit: AnswerUnit;
	stems: readonly string[];
	headingStems: readonly string[];
	/** Character 4-grams, each once. */
	grams: Int32Array;
	words: number;
}

/** Half the passages remembered, about 10 kB each: what is asked about is a small part of a large help center. */
const rememberedHalf = 1000;
const readings = createGenerationCache<Passage, PassageReading>(rememberedHalf);

export function readPassage(passage: Passage): PassageReading {
	return readings.get(passage, () => {
		const { language, title, headings } = passage;
		return {
			above: stemsOf([title, ...headings].join(' '), language),
			units: answerUnits(passage).map((unit): UnitReading => {
				const words = wordsOf(unit.text);
				return {
					unit,
					stems: stemsOfWords(words, language),
					headingStems: stemsOf(unit.heading, language),
					grams: Int32Array.from(new Set(gramsOfWords(words, language))),
					words: words.length,
				};
			}),
		};
	});
}
