import type { Language } from '../language.ts';
import { fold, wordsOf } from './tokenize.ts';

/** The words of a ticket worth searching by: without courtesies and without order numbers, which no article contains. */
export function queryWords(query: string, language: Language): string[] {
	const text = query.replace(/\S+@\S+/gu, ' ');
	const words = wordsOf(text).filter(word => !/\d{6,}/u.test(word));
	const informative = words.filter(word => !courtesies[language].has(fold(word)));
	return informative.length ? informative : words;
}

// Words of greeting, thanks and signature. Not stop words: in an article about sending greeting cards they would count.
const courtesies: Record<Language, Set<string>> = {
	en: list(
		'hi hello hey dear thanks thank please regards kind greetings sincerely cheers morning afternoon evening sir madam',
	),
	es: list(
		'hola buenas buenos saludos gracias favor cordial cordiales estimado estimada estimados atentamente ayuda ayudar ayudarme',
	),
	fr: list('bonjour bonsoir salut merci cordialement svp stp madame monsieur salutations plait veuillez avance'),
	de: list(
		'hallo guten tag moin liebe lieber liebes danke dank bitte gruss grusse grussen freundlichen viele vielen herr frau geehrte geehrter',
	),
	pt: list(
		'ola oi bom boa tarde noite obrigado obrigada favor cumprimentos atenciosamente prezado prezada prezados cordialmente abraco',
	),
};

function list(words: string): Set<string> {
	return new Set(words.split(' '));
}
