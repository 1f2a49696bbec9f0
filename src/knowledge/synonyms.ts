import type { Language } from '../language.ts';
import { synonymWords } from './synonym-words.ts';
import { fold, stemsOf, stemsOfForms, type WordForms } from './tokenize.ts';

/**
 * Stems that customers and articles use for what the words of a query mean: "send back" for a return, "postage" for
 * delivery costs. General to support and shops; a word with another common meaning there is left out.
 */
export function synonymStems(query: readonly WordForms[], language: Language): string[] {
	const words = query.map(({ word }) => word).join(' ');
	const folded = ` ${fold(words).replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
	const present = new Set(stemsOfForms(query));
	const added = new Set<string>();
	let matched = 0;
	const { groups, byStem } = synonymsOf(language);
	const named = new Set([...present].flatMap(stem => byStem.get(stem) ?? []));
	for (const group of groups) {
		if (!named.has(group) && !group.phrases.some(phrase => folded.includes(phrase))) continue;
		if (++matched > mostGroups) break;
		for (const stem of group.stems) if (!present.has(stem)) added.add(stem);
	}
	return [...added];
}

/** A long ticket touches on everything; then synonyms only blur what it asks. */
const mostGroups = 8;

interface Group {
	stems: string[];
	/** Folded, a space on either side. */
	phrases: string[];
}

interface Synonyms {
	groups: Group[];
	byStem: Map<string, Group[]>;
}

const cache = new Map<Language, Synonyms>();

function synonymsOf(language: Language): Synonyms {
	let synonyms = cache.get(language);
	if (!synonyms) {
		synonyms = createSynonyms(language);
		cache.set(language, synonyms);
	}
	return synonyms;
}

function createSynonyms(language: Language): Synonyms {
	const groups = synonymWords[language].map((line): Group => {
		const entries = line.split(', ');
		return {
			stems: [...new Set(entries.filter(entry => !entry.includes(' ')).flatMap(entry => stemsOf(entry, language)))],
			phrases: entries.filter(entry => entry.includes(' ')).map(entry => ` ${fold(entry)} `),
		};
	});
	const byStem = new Map<string, Group[]>();
	for (const group of groups) {
		for (const stem of group.stems) byStem.set(stem, [...(byStem.get(stem) ?? []), group]);
	}
	return { groups, byStem };
}
