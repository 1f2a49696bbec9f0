import { type Language, languages } from '../language.ts';
import { languageScores, readLanguageNgrams } from './language-ngrams.ts';
import type { Triage } from './triage.ts';

export interface DetectedLanguage {
	language: Language;
	from: Triage['languageFrom'];
}

/** What is known besides the text: the language the conversation was in so far, and the requester's own. */
export interface LanguageContext {
	conversation?: Language | undefined;
	requester?: Language | undefined;
}

export type DetectLanguage = (text: string, context?: LanguageContext) => DetectedLanguage;

/** Loads the n-grams of the languages: once a process. */
export async function loadLanguageDetector(): Promise<DetectLanguage> {
	const ngrams = await readLanguageNgrams();

	return function detectLanguage(text, context = {}) {
		const words = wordsOf(text);
		const scores = languageScores(words.join(' '), ngrams);
		const ranked = languages.map(language => ({ language, score: scores[language] })).sort((a, b) => b.score - a.score);
		const [best, second] = ranked;
		const known = context.conversation ?? context.requester;
		const from = context.conversation ? 'conversation' : 'requester';
		if (!best || best.score === 0) return known ? { language: known, from } : { language: 'en', from: 'default' };
		const lead = best.score - (second?.score ?? 0);
		const agrees = best.language === known && words.length >= 3;
		if (!known || agrees || isClear(words.length, best.score, lead)) return { language: best.language, from: 'text' };
		return { language: known, from };
	};
}

/** Whether the text alone may overrule what is known. Few words must be far ahead; below three words they never are. */
function isClear(wordCount: number, score: number, lead: number): boolean {
	if (wordCount < 3) return false;
	return score > 0.4 && lead > (wordCount < 6 ? 0.12 : 0.04);
}

/** Only what can tell languages apart: no links, addresses, codes or numbers. */
function wordsOf(text: string): string[] {
	return text
		.replace(/https?:\/\/\S+|www\.\S+|\S+@\S+\.\S+/gi, ' ')
		.split(/[^\p{L}\p{M}'’-]*\s[^\p{L}\p{M}]*|[^\p{L}\p{M}\s'’-]+/u)
		.filter(word => /\p{L}{2}|^[\p{L}]$/u.test(word))
		.slice(0, 80);
}
