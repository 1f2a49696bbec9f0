import type { Language } from '../language.ts';
import { synonymWords } from './synonym-words.ts';
import { fold, stemsOf } from './tokenize.ts';

/**
 * Stems that customers and articles use for what the words of a query mean: "send back" for a return, "postage" for
 * delivery costs. General to support and shops; a word with another common meaning there is left out.
 */
export function synonymStems(query: string, language: Language): string[] {
	const folded = ` ${fold(query).replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
	const present = new Set(stemsOf(query, language));
	const added = new Set<string>();
	let matched = 0;
	for (const { stems, phrases } of groupsOf(language)) {
		if (!stems.some(stem => present.has(stem)) && !phrases.some(phrase => folded.includes(phrase))) continue;
		if (++matched > mostGroups) break;
		for (const stem of stems) if (!present.has(stem)) added.add(stem);
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

const cache = new Map<Language, Group[]>();

function groupsOf(language: Language): Group[] {
	let groups = cache.get(language);
	if (!groups) {
		groups = synonymWords[language].map(line => {
			const entries = line.split(', ');
			return {
				stems: [...new Set(entries.filter(entry => !entry.includes(' ')).flatMap(entry => stemsOf(entry, language)))],
				phrases: entries.filter(entry => entry.includes(' ')).map(entry => ` ${fold(entry)} `),
			};
		});
		cache.set(language, groups);
	}
	return groups;
}
