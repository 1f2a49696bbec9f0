/** The languages Understudy speaks. A sixth is one more folder in `locales/` and one more entry here. */
export const languages = ['en', 'es', 'fr', 'de', 'pt'] as const;

export type Language = (typeof languages)[number];

/** The language of a vendor's locale tag (`pt-BR`, `en_GB`, `FR`), or undefined where it is none of ours. */
export function languageOfLocale(locale: string | null | undefined): Language | undefined {
	const primary = locale?.toLowerCase().split(/[-_]/)[0];
	return languages.find(language => language === primary);
}
