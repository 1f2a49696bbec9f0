// Writes `language-ngrams.bin` from the tables of `eld`, when it has new ones or `languages` has a new entry:
// node src/triage/write-language-ngrams.ts
import { writeFile } from 'node:fs/promises';
import { languages } from '../language.ts';
import { formatLanguageNgrams } from './language-ngrams.ts';

interface EldTables {
	languages: Record<string, string>;
	/** N-gram → number of the language → score less `leastScore`. */
	ngrams: Record<string, Record<string, number>>;
}

const entry = import.meta.resolve('eld/large');
const { ngramsData } = (await import(new URL('../ngrams/large.js', entry).href)) as { ngramsData: EldTables };
const { dictionary } = (await import(new URL('../dictionary.js', entry).href)) as { dictionary: string[] };

/** What `eld` adds to every score, having taken it off to make its file smaller. */
const leastScore = 53;
/** Bytes that are no ASCII are written there as one character each. */
const byteOf = new Map(
	dictionary.map((character, byte) => [character, byte] as const).filter(([, byte]) => byte >= 0x80),
);
byteOf.set(' ', 0x20);

const numbers = languages.map(language => {
	const number = Object.keys(ngramsData.languages).find(key => ngramsData.languages[key] === language);
	if (number === undefined) throw new Error(`eld does not know the language ${language}.`);
	return number;
});
const ours = Object.entries(ngramsData.ngrams)
	.map(
		([ngram, scores]) =>
			[ngram, numbers.map(number => (number in scores ? (scores[number] ?? 0) + leastScore : 0))] as const,
	)
	.filter(([, scores]) => scores.some(score => score > 0));
const bytesOf = (ngram: string) =>
	[...ngram].map(character => String.fromCharCode(byteOf.get(character) ?? character.charCodeAt(0))).join('');

await writeFile(
	new URL('language-ngrams.bin', import.meta.url),
	formatLanguageNgrams({
		places: new Map(ours.map(([ngram], place) => [bytesOf(ngram), place])),
		scores: Uint8Array.from(ours.flatMap(([, scores]) => scores)),
	}),
);
process.stdout.write(`${ours.length} n-grams written\n`);
