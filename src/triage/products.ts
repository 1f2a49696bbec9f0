import { fold } from './tokenize.ts';

/** The given names that the text contains as whole words, whatever the case and the accents; of overlapping names the longest. */
export function findProducts(text: string, names: string[]): string[] {
	let remaining = ` ${plain(text)} `;
	const found: string[] = [];
	for (const { name, wanted } of longestFirst(names)) {
		if (wanted.length < 2 || !remaining.includes(` ${wanted} `)) continue;
		found.push(name);
		remaining = remaining.replaceAll(` ${wanted} `, ' | ');
	}
	return found;
}

/** The names of a shop are the same for every message. */
const remembered = new WeakMap<string[], { name: string; wanted: string }[]>();

function longestFirst(names: string[]): { name: string; wanted: string }[] {
	const known = remembered.get(names);
	if (known) return known;
	const sorted = names.toSorted((a, b) => b.length - a.length).map(name => ({ name, wanted: plain(name) }));
	remembered.set(names, sorted);
	return sorted;
}

function plain(text: string): string {
	return fold(text)
		.replace(/[^\p{L}\p{N}]+/gu, ' ')
		.trim();
}
