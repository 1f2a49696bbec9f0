// Words of one meaning under one name, the same in every language: what is learnt from "parcel" then holds for "Paket" too.
import { z } from 'zod';
import { createGenerationCache } from '../generation-cache.ts';
import { readLocaleFiles } from './locale-files.ts';
import { tokenize } from './tokenize.ts';

/** `locales/<language>/concepts.yaml`: concept → words and phrases, separated by commas, `*` for any beginning or ending. */
export const ConceptLexicon = z.record(z.string(), z.string());
export type ConceptLexicon = z.infer<typeof ConceptLexicon>;

/** The concepts named in a tokenised message, in order, with repetitions. */
export type FindConcepts = (tokens: readonly string[], language: string | undefined) => string[];

export function readConceptLexicons(localesDir: string): Promise<Map<string, ConceptLexicon>> {
	return readLocaleFiles(localesDir, 'concepts.yaml', ConceptLexicon);
}

/** Without a lexicon of its own a language has no concepts, and the classifier does without. */
export function createConcepts(lexicons: Map<string, ConceptLexicon>): FindConcepts {
	const finders = new Map([...lexicons].map(([language, lexicon]) => [language, createFinder(lexicon)] as const));
	return (tokens, language) => finders.get(language ?? '')?.(tokens) ?? [];
}

interface Phrase {
	concept: string;
	words: string[];
}

/** What is known of a token: the patterns it fits, and the phrases that may begin with it. */
interface Fit {
	patterns: readonly string[];
	phrases: readonly Phrase[];
}

function createFinder(lexicon: ConceptLexicon): (tokens: readonly string[]) => string[] {
	const phrasesByStart = new Map<string, Phrase[]>();
	const patterns = new Set<string>();
	for (const [concept, list] of Object.entries(lexicon)) {
		for (const entry of list.split(',')) {
			const words = wordsOfEntry(entry);
			const [first] = words;
			// "404" would be any number.
			if (first === undefined || words.includes('§number')) continue;
			for (const word of words) patterns.add(word);
			const sameStart = phrasesByStart.get(first);
			if (sameStart) sameStart.push({ concept, words });
			else phrasesByStart.set(first, [{ concept, words }]);
		}
	}
	const patternsOf = createPatternMatcher(patterns);
	// A few thousand words make up nearly all of what is written.
	const known = createGenerationCache<string, Fit>(25_000);
	const fitOf = (token: string): Fit =>
		known.get(token, () => {
			const fitting = patternsOf(token);
			return { patterns: fitting, phrases: fitting.flatMap(pattern => phrasesByStart.get(pattern) ?? []) };
		});
	return tokens => {
		const fits = tokens.map(fitOf);
		const found: string[] = [];
		for (const [at, { phrases }] of fits.entries()) {
			if (phrases.length === 0) continue;
			const before = found.length;
			for (const { concept, words } of phrases) {
				const isHere = words.every((word, i) => i === 0 || fits[at + i]?.patterns.includes(word));
				if (isHere && !found.includes(concept, before)) found.push(concept);
			}
		}
		return found;
	};
}

/** Entries go through the same tokeniser as messages; the star, which it would drop, is put back. */
function wordsOfEntry(entry: string): string[] {
	return entry
		.trim()
		.split(/\s+/)
		.flatMap(part => {
			const words = tokenize(part.replaceAll('*', ''));
			return words.map((word, i) => {
				const opens = part.startsWith('*') && i === 0 ? '*' : '';
				const closes = part.endsWith('*') && i === words.length - 1 ? '*' : '';
				return `${opens}${word}${closes}`;
			});
		});
}

/** Which of the patterns a token fits. */
function createPatternMatcher(patterns: Set<string>): (token: string) => string[] {
	const inner = [...patterns].filter(pattern => pattern.startsWith('*'));
	return token => {
		const found = patterns.has(token) ? [token] : [];
		for (let end = 1; end <= token.length; end++) {
			const pattern = `${token.slice(0, end)}*`;
			if (patterns.has(pattern)) found.push(pattern);
		}
		for (const pattern of inner) {
			const part = pattern.slice(1).replace('*', '');
			if (pattern.endsWith('*') ? token.includes(part) : token.endsWith(part)) found.push(pattern);
		}
		return found;
	};
}
