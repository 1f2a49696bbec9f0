import { fold } from './tokenize.ts';

/** The given names that the text contains as whole words, whatever the case and the accents; of overlapping names the longest. */
export function findProducts(text: string, names: string[]): string[] {
	let remaining = ` ${plain(text)} `;
	const found: string[] = [];
	for (const name of [...names].sort((a, b) => b.length - a.length)) {
		const wanted = plain(name);
		if (wanted.length < 2 || !remaining.includes(` ${wanted} `)) continue;
		found.push(name);
		remaining = remaining.replaceAll(` ${wanted} `, ' | ');
	}
	return found;
}

function plain(text: string): string {
	return fold(text)
		.replace(/[^\p{L}\p{N}]+/gu, ' ')
		.trim();
}
