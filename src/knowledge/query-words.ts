import { createGenerationCache, type GenerationCache } from '../generation-cache.ts';
import type { Language } from '../language.ts';
import { formsOf, type WordForms, wordsOf } from './tokenize.ts';

/** The words of a ticket worth searching by: without courtesies and without order numbers, which no article contains. */
export function queryWords(query: string, language: Language): readonly WordForms[] {
	return remembered[language].get(query, () => readQuery(query, language));
}

/** A question is searched for, its sentences compared with what was found, and both with what is quoted. */
const remembered: Record<Language, GenerationCache<string, readonly WordForms[]>> = {
	en: createGenerationCache(16),
	es: createGenerationCache(16),
	fr: createGenerationCache(16),
	de: createGenerationCache(16),
	pt: createGenerationCache(16),
};

function readQuery(query: string, language: Language): readonly WordForms[] {
	const text = query.includes('@') ? query.replace(/\S+@\S+/gu, ' ') : query;
	const words = wordsOf(text);
	const named = /\d{6}/.test(text) ? words.filter(word => !/\d{6}/.test(word)) : words;
	const forms = named.map(word => formsOf(word, language));
	const informative = forms.filter(({ folded }) => !courtesies[language].has(folded));
	return informative.length ? informative : forms;
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
