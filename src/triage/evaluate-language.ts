import { type Language, languages } from '../language.ts';
import type { DetectLanguage } from './detect-language.ts';

export interface LanguageFigures {
	/** Share of texts whose language is right, 0 to 1. */
	accuracy: number;
	accuracyByLanguage: Partial<Record<Language, number>>;
	/** Mean milliseconds of one detection. */
	detectMs: number;
}

/** How well languages are told from the text alone; `label` is the right language. */
export function evaluateLanguage(detect: DetectLanguage, test: { text: string; label: string }[]): LanguageFigures {
	const started = performance.now();
	const results = test.map(({ text, label }) => ({ label, isCorrect: detect(text).language === label }));
	const detectMs = (performance.now() - started) / Math.max(1, test.length);
	const share = (rows: typeof results) => rows.filter(row => row.isCorrect).length / Math.max(1, rows.length);
	const accuracyByLanguage: LanguageFigures['accuracyByLanguage'] = {};
	for (const language of languages) {
		const rows = results.filter(row => row.label === language);
		if (rows.length > 0) accuracyByLanguage[language] = share(rows);
	}
	return { accuracy: share(results), accuracyByLanguage, detectMs };
}
