import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInstance, type TFunction } from 'i18next';
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
	const says = new Map(languages.map(language => [language, sayIn(i18n.getFixedT(language))]));
	return language => says.get(language) as Say;
}

/** A phrase without gaps is always the same: looked up once, since i18next takes its time over each. */
function sayIn(translate: TFunction): Say {
	const plain = new Map<string, string>();
	return (key, gaps) => {
		if (gaps) return translate(key, gaps) as string;
		const phrase = plain.get(key) ?? (translate(key, {}) as string);
		plain.set(key, phrase);
		return phrase;
	};
}
