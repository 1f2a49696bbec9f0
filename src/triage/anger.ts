import { z } from 'zod';
import type { Language } from '../language.ts';
import { countLetters } from './letters.ts';
import { createLiteralFilter, type LiteralFilter } from './literal-filter.ts';
import { readLocaleFiles } from './locale-files.ts';
import { neededLiterals } from './needed-literals.ts';
import { fold } from './tokenize.ts';

/** `locales/<language>/anger.yaml`. A trailing `*` matches any ending; entries may be several words; accents do not matter. */
export const AngerLexicon = z.object({
	/** Words of rage: one is enough to be angry. */
	furious: z.array(z.string()),
	/** Words of displeasure: a few together make anger. */
	annoyed: z.array(z.string()),
	profanity: z.array(z.string()),
	/** "not", "never": up to three words before an entry they take it back. */
	negations: z.array(z.string()),
});
export type AngerLexicon = z.infer<typeof AngerLexicon>;

/** 0 calm to 1 furious. */
export type MeasureAnger = (text: string, language: Language) => number;

export async function loadAnger(localesDir: string): Promise<MeasureAnger> {
	return createAnger(await readLocaleFiles(localesDir, 'anger.yaml', AngerLexicon));
}

const kinds = ['furious', 'annoyed', 'profanity'] as const;
const weights = { furious: 0.55, annoyed: 0.25, profanity: 0.5 } as const;

export function createAnger(lexicons: Map<Language, AngerLexicon>): MeasureAnger {
	const compiled = new Map([...lexicons].map(([language, lexicon]) => [language, compile(lexicon)] as const));
	return (text, language) => {
		const words = compiled.get(language);
		// Each sign takes away a part of the remaining calm.
		let calm = 1 - loudness(text);
		if (words) {
			const plain = fold(text);
			for (const number of words.mayMatch(plain)) {
				const kind = kinds[number] as (typeof kinds)[number];
				const said = new Set<string>();
				for (const match of plain.matchAll(words[kind])) {
					if (!isNegated(plain, match.index, words.negations)) said.add(match[0]);
				}
				calm *= (1 - weights[kind]) ** said.size;
			}
		}
		return Math.min(1, Math.round((1 - calm) * 100) / 100);
	};
}

interface Compiled {
	furious: RegExp;
	annoyed: RegExp;
	profanity: RegExp;
	negations: RegExp;
	/** The numbers of the kinds of which a word may stand in a folded text. */
	mayMatch: LiteralFilter;
}

function compile(lexicon: AngerLexicon): Compiled {
	const words = {
		furious: anyOf(lexicon.furious),
		annoyed: anyOf(lexicon.annoyed),
		profanity: anyOf(lexicon.profanity),
		negations: anyOf(lexicon.negations),
	};
	return { ...words, mayMatch: createLiteralFilter(kinds.map(kind => neededLiterals(words[kind].source))) };
}

function anyOf(entries: string[]): RegExp {
	const sources = entries
		.sort((a, b) => b.length - a.length)
		.map(entry =>
			fold(entry)
				.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
				.replace(/\*/g, '\\p{L}*')
				.replace(/\s+/g, '\\s+'),
		);
	return sources.length === 0 ? /(?!)/gu : new RegExp(`(?<!\\p{L})(?:${sources.join('|')})(?!\\p{L})`, 'gu');
}

/** Shouting: mostly capitals, or some shouted words that are no short codes; runs of exclamation marks; angry faces. */
function loudness(text: string): number {
	const { letters, capitals: capitalLetters } = countLetters(text);
	const shoutedWords = capitalLetters < 4 ? 0 : (text.match(/(?<![\p{L}\d-])\p{Lu}{4,}(?![\p{L}\d-])/gu)?.length ?? 0);
	const isAllShouted = letters >= 10 && capitalLetters / letters > 0.7;
	const capitals = isAllShouted ? 0.3 : Math.min(0.2, shoutedWords * 0.06);
	const exclamations = Math.min(0.25, Math.max(0, (text.match(/!/g)?.length ?? 0) - 1) * 0.06);
	const faces = /[😡🤬😠👿🖕💢]/u.test(text) ? 0.4 : 0;
	return 1 - (1 - capitals) * (1 - exclamations) * (1 - faces);
}

function isNegated(plain: string, at: number, negations: RegExp): boolean {
	// Only within the same clause: "not good, furious" is furious.
	const before =
		plain
			.slice(Math.max(0, at - 40), at)
			.split(/[.,;:!?\n]/)
			.at(-1) ?? '';
	const nearest = before.trim().split(/\s+/).slice(-3).join(' ');
	return nearest.search(negations) !== -1;
}
