import type { Language } from '../language.ts';
import { synonymWords } from './synonym-words.ts';
import { fold, formsOf, stemsOf, stemsOfForms, type WordForms } from './tokenize.ts';

/**
 * Stems that customers and articles use for what the words of a query mean: "send back" for a return, "postage" for
 * delivery costs. General to support and shops; a word with another common meaning there is left out.
 */
export function synonymForms(query: readonly WordForms[], language: Language): readonly WordForms[] {
	const words = query.map(({ word }) => word).join(' ');
	const folded = ` ${fold(words).replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
	const present = new Set(stemsOfForms(query));
	const added = new Set<WordForms>();
	let matched = 0;
	const { groups, byStem } = synonymsOf(language);
	const named = new Set([...present].flatMap(stem => byStem.get(stem) ?? []));
	for (const group of groups) {
		if (!named.has(group) && !group.phrases.some(phrase => folded.includes(phrase))) continue;
		if (++matched > mostGroups) break;
		for (const form of group.stems) if (!present.has(form.word)) added.add(form);
	}
	return [...added];
}

/** A long ticket touches on everything; then synonyms only blur what it asks. */
const mostGroups = 8;

interface Group {
	/** Each stem with what it is looked for by itself; the same object in every group that has it. */
	stems: WordForms[];
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
	const formsByStem = new Map<string, WordForms>();
	const formOf = (stem: string) => {
		const form = formsByStem.get(stem) ?? formsOf(stem, language);
		formsByStem.set(stem, form);
		return form;
	};
	const groups = synonymWords[language].map((line): Group => {
		const entries = line.split(', ');
		const stems = entries.filter(entry => !entry.includes(' ')).flatMap(entry => stemsOf(entry, language));
		return {
			stems: [...new Set(stems)].map(formOf),
			phrases: entries.filter(entry => entry.includes(' ')).map(entry => ` ${fold(entry)} `),
		};
	});
	const byStem = new Map<string, Group[]>();
	for (const group of groups) {
		for (const { word } of group.stems) byStem.set(word, [...(byStem.get(word) ?? []), group]);
	}
	return { groups, byStem };
}
