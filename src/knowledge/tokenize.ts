import { stopwords as english } from '@orama/stopwords/english';
import { stopwords as french } from '@orama/stopwords/french';
import { stopwords as german } from '@orama/stopwords/german';
import { stopwords as portuguese } from '@orama/stopwords/portuguese';
import { stopwords as spanish } from '@orama/stopwords/spanish';
import snowball from 'snowball-stemmers';
import { createGenerationCache, type GenerationCache } from '../generation-cache.ts';
import type { Language } from '../language.ts';

/** Lower-case words and numbers in order. Web addresses and character references are left out: their parts say nothing. */
export function wordsOf(text: string): string[] {
	const prose = /:\/\/|&/.test(text) ? text.replace(/https?:\/\/\S+|&(?:[a-z]+|#\d+);/giu, ' ') : text;
	return prose.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Without accents, so that what is typed in haste matches what was written with care. */
export function fold(text: string): string {
	if (isPlain.test(text)) return text.toLowerCase();
	return text
		.normalize('NFD')
		.replace(/\p{M}+/gu, '')
		.replaceAll('ß', 'ss')
		.toLowerCase();
}

/** Nothing to take off: what most words are. */
const isPlain = /^[ -~]*$/;

/** Folded Snowball stems of the words, stop words left out. */
export function stemsOf(text: string, language: Language): string[] {
	return stemsOfWords(wordsOf(text), language);
}

export function stemsOfWords(words: readonly string[], language: Language): string[] {
	return stemsOfForms(words.map(word => formsOf(word, language)));
}

export function stemsOfForms(forms: readonly WordForms[]): string[] {
	const stems: string[] = [];
	for (const { stem } of forms) if (stem) stems.push(stem);
	return stems;
}

/**
 * Character 4-grams of every folded word but stop words, its edges counted as characters; a shorter word is one gram.
 * A gram is a number that stands for its characters: half the time and memory of a string.
 */
export function gramsOfWords(words: readonly string[], language: Language): number[] {
	return gramsOfForms(words.map(word => formsOf(word, language)));
}

export function gramsOfForms(forms: readonly WordForms[]): number[] {
	const grams: number[] = [];
	for (const form of forms) for (const gram of form.grams) grams.push(gram);
	return grams;
}

/** What a word is looked for by. */
export interface WordForms {
	word: string;
	folded: string;
	/** Empty for a stop word. */
	stem: string;
	grams: readonly number[];
}

export function formsOf(word: string, language: Language): WordForms {
	return caches[language].get(word, created => analyse(created, language));
}

function analyse(word: string, language: Language): WordForms {
	const folded = fold(word);
	if (stopwords[language].has(folded)) return { word, folded, stem: '', grams: [] };
	const edged = `_${folded}_`;
	const grams: number[] = [];
	for (let start = 0; start === 0 || start + gramLength <= edged.length; start++) {
		let gram = 0;
		// Seven bits a character: exact for folded Latin letters and digits, a hash for what is left.
		for (const character of edged.slice(start, start + gramLength))
			gram = (gram << 7) ^ (character.codePointAt(0) ?? 0);
		grams.push(gram);
	}
	return { word, folded, stem: fold(stemmers[language].stem(word)), grams };
}

const gramLength = 4;
/** Half the words remembered in each language: a large help center's vocabulary, about 10 MB. */
const cacheHalf = 30_000;

const stopwords: Record<Language, ReadonlySet<string>> = {
	en: new Set(english.map(fold)),
	es: new Set(spanish.map(fold)),
	fr: new Set(french.map(fold)),
	de: new Set(german.map(fold)),
	pt: new Set(portuguese.map(fold)),
};

const stemmers: Record<Language, { stem(word: string): string }> = {
	en: snowball.newStemmer('english'),
	es: snowball.newStemmer('spanish'),
	fr: snowball.newStemmer('french'),
	de: snowball.newStemmer('german'),
	pt: snowball.newStemmer('portuguese'),
};

const caches: Record<Language, GenerationCache<string, WordForms>> = {
	en: createGenerationCache(cacheHalf),
	es: createGenerationCache(cacheHalf),
	fr: createGenerationCache(cacheHalf),
	de: createGenerationCache(cacheHalf),
	pt: createGenerationCache(cacheHalf),
};
