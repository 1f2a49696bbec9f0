// Which language a text is in, by n-grams: the method and the figures of `eld` (Apache-2.0, © Nito T.M.), of its 60 languages
// only ours. Its own tables would take 450 MB of memory; these take 4, and give the same scores.
import { readFile } from 'node:fs/promises';
import { type Language, languages } from '../language.ts';

/** How much each n-gram of bytes speaks for each language, 0 where it stands in none of its words. */
export interface LanguageNgrams {
	/** N-gram → its place. A byte is one character of the string; a space marks the beginning or the end of a word. */
	places: ReadonlyMap<string, number>;
	/** One score a language, in the order of `languages`, for every place. */
	scores: Uint8Array;
}

/** `language-ngrams.bin`: the languages on the first line, an n-gram on each line after, a zero byte, the scores. */
export async function readLanguageNgrams(): Promise<LanguageNgrams> {
	const file = await readFile(new URL('language-ngrams.bin', import.meta.url));
	const end = file.indexOf(0);
	const [named, ...ngrams] = file.toString('latin1', 0, end).split('\n');
	if (named !== languages.join(' ')) {
		throw new Error(
			`language-ngrams.bin is of other languages: ${named}. Run node src/triage/write-language-ngrams.ts.`,
		);
	}
	return { places: new Map(ngrams.map((ngram, place) => [ngram, place])), scores: file.subarray(end + 1) };
}

export function formatLanguageNgrams({ places, scores }: LanguageNgrams): Buffer {
	return Buffer.concat([
		Buffer.from([languages.join(' '), ...places.keys()].join('\n'), 'latin1'),
		Buffer.of(0),
		scores,
	]);
}

/** How likely the text is in each language, each 0 to 1, by at most its first 380 bytes. */
export function languageScores(text: string, { places, scores }: LanguageNgrams): Record<Language, number> {
	const found = ngramsOf(text);
	const sums = languages.map(() => 0);
	for (const ngram of found) {
		const place = places.get(ngram);
		if (place === undefined) continue;
		for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + (scores[place * sums.length + i] as number);
	}
	const scaled = sums.map(sum => (sum === 0 ? 0 : sum / found.size / (sum / found.size + usualScore)));
	return Object.fromEntries(languages.map((language, i) => [language, scaled[i] as number])) as Record<
		Language,
		number
	>;
}

/** Chosen by `eld`, so that scores fill 0 to 1. */
const usualScore = 25;
const mostCharacters = 1000;
const mostWordBytes = 70;
/** No word begins beyond the first, and none goes on beyond the second. */
const enoughBytes = 350;
const mostBytes = 380;

/** Four bytes from every third on, and the last four of each word. */
function ngramsOf(text: string): Set<string> {
	const ngrams = new Set<string>();
	for (const word of byteWords(text)) {
		const length = Math.min(word.length, mostWordBytes);
		let start = 0;
		for (; start + 4 < length; start += 3) {
			ngrams.add(start === 0 ? ` ${word.slice(0, 4)}` : word.slice(start, start + 4));
		}
		const last = `${word.substring(length === 3 ? 0 : length - 4)} `;
		ngrams.add(start === 0 ? ` ${last}` : last);
	}
	return ngrams;
}

/** Words in lower case, each byte of their UTF-8 one character. */
function byteWords(text: string): string[] {
	const plain = text.slice(0, mostCharacters).replace(notLetters, ' ').trim().toLowerCase();
	const bytes = Buffer.from(plain).toString('latin1', 0, mostBytes + 4);
	return bytes.slice(0, endOf(bytes)).split(' ').filter(Boolean);
}

/** The first space beyond `enoughBytes`, or the end of the character that goes beyond `mostBytes`. */
function endOf(bytes: string): number {
	const space = bytes.indexOf(' ', enoughBytes + 1);
	if (space !== -1 && space <= mostBytes) return space;
	let end = mostBytes + 1;
	while (isContinuation(bytes.charCodeAt(end))) end++;
	return end;
}

function isContinuation(byte: number): boolean {
	return (byte & 0xc0) === 0x80;
}

/** An apostrophe stays where it is the last before a letter: "don't" is one word. Letters beyond the first plane are emblems. */
const notLetters = /[^\p{L}]+(?<!['`’])|[\u{10000}-\u{10ffff}]/gu;
