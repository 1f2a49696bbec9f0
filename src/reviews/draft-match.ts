import { diffWordsWithSpace } from 'diff';

/** How an agent's own reply relates to the draft they had before them. */
export interface DraftMatch {
	kind: 'as_is' | 'edited' | 'replaced';
	/** Share of the words that the two have in common, 0 to 1. */
	similarity: number;
	/** What the agent took out and put in, in order. */
	removed: string[];
	added: string[];
}

/** From this similarity on, the draft is what the agent started from. */
const editedFrom = 0.5;

/** Recognises a draft that was copied into the composer, changed and sent. Markup and white space do not count. */
export function matchDraft(draft: string, reply: string): DraftMatch {
	const before = plainWords(draft);
	const after = plainWords(reply);
	const changes = diffWordsWithSpace(before.join(' '), after.join(' '));
	const count = (text: string) => text.split(' ').filter(Boolean).length;
	const kept = changes
		.filter(({ added, removed }) => !added && !removed)
		.reduce((sum, { value }) => sum + count(value), 0);
	const similarity = (2 * kept) / Math.max(1, before.length + after.length);
	const isAsIs = before.join(' ') === after.join(' ');
	return {
		kind: isAsIs ? 'as_is' : similarity >= editedFrom ? 'edited' : 'replaced',
		similarity: isAsIs ? 1 : similarity,
		removed: changes
			.filter(({ removed }) => removed)
			.map(({ value }) => value.trim())
			.filter(Boolean),
		added: changes
			.filter(({ added }) => added)
			.map(({ value }) => value.trim())
			.filter(Boolean),
	};
}

/** The words as a person sees them: Markdown's quote marks, emphasis and link targets are gone in a composer. */
function plainWords(text: string): string[] {
	return text
		.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
		.replaceAll(/^\s*>+ ?/gm, '')
		.replaceAll(/[*_`#]+/g, '')
		.split(/\s+/)
		.filter(Boolean);
}
