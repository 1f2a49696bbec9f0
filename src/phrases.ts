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
	const says = new Map(languages.map(language => [language, sayIn(i18n.getFixedT(language), language)]));
	return language => says.get(language) as Say;
}

/** i18next takes its time over each phrase, so it is asked once for each and each plural form, and the gaps are filled here. */
function sayIn(translate: TFunction, language: Language): Say {
	const plurals = new Intl.PluralRules(language);
	const templates = new Map<string, Template>();
	return (key, gaps = {}) => {
		const form = typeof gaps.count === 'number' ? `${key}/${plurals.select(gaps.count)}` : key;
		let template = templates.get(form);
		if (!template) {
			template = (translate(key, { ...gaps, skipInterpolation: true }) as string).split(gap);
			templates.set(form, template);
		}
		let phrase = template[0] as string;
		for (let i = 1; i < template.length; i += 2) phrase += `${gaps[template[i] as string] ?? ''}${template[i + 1]}`;
		return phrase;
	};
}

/** Words and the names of gaps by turns. */
type Template = readonly string[];

const gap = /\{\{(\w+)\}\}/;
