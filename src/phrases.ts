import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInstance } from 'i18next';
import { type Language, languages } from './language.ts';

/** A phrase of `locales/<language>/messages.json` by its key, with its gaps filled. A `count` chooses the plural form. */
export type Say = (key: string, gaps?: Record<string, string | number>) => string;

export type Phrases = (language: Language) => Say;

/** Loads every language's phrases. @param localesDir the folder that has `<language>/messages.json`. */
export function loadPhrases(localesDir: string): Phrases {
	const i18n = createInstance({
		resources: Object.fromEntries(
			languages.map(language => [
				language,
				{ translation: JSON.parse(readFileSync(join(localesDir, language, 'messages.json'), 'utf8')) },
			]),
		),
		// A missing key shows as itself; the structure test makes sure that there is none.
		fallbackLng: false,
		initAsync: false,
		interpolation: { escapeValue: false },
	});
	void i18n.init();
	return language => {
		const translate = i18n.getFixedT(language);
		return (key, gaps) => translate(key, gaps ?? {}) as string;
	};
}
