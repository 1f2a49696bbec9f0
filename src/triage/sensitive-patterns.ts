import { z } from 'zod';
import type { Language } from '../language.ts';
import { createLiteralFilter } from './literal-filter.ts';
import { neededLiterals } from './needed-literals.ts';
import type { Sensitivity } from './triage.ts';

export const sensitiveCategories = [
	'legal',
	'privacy',
	'security',
	'fraud',
	'safety',
	'self_harm',
	'discrimination',
	'press',
	'minor',
	'bereavement',
	'medical',
	'threat',
] as const;

/** The patterns of `locales/<language>/sensitive.yaml`: regular expressions written without regard to accents and case. */
export const SensitivePatterns = z.object({
	patterns: z.partialRecord(z.enum(sensitiveCategories), z.array(z.string())),
	/** Contexts in which a pattern means nothing: a hit inside one does not count. */
	harmless: z.array(z.string()),
});
export type SensitivePatterns = z.infer<typeof SensitivePatterns>;

/** Pattern hits of one message, one for each category. */
export type FindSensitivePatterns = (text: string, language: Language) => Sensitivity[];

export function createSensitivePatterns(files: Map<Language, SensitivePatterns>): FindSensitivePatterns {
	const finders = new Map(
		[...files].map(([language, { patterns, harmless }]) => {
			const ofCategories = Object.entries(patterns).flatMap(([category, sources]) =>
				sources.map(source => ({ category, source })),
			);
			const ofHarmless = harmless.map(source => ({ category: undefined, source }));
			return [language, { hits: createFinder(ofCategories, language), harmless: createFinder(ofHarmless, language) }];
		}),
	);
	return (text, language) => {
		const find = finders.get(language);
		if (!find) return [];
		const plain = withoutAccents(text);
		const lower = plain.toLowerCase();
		const hits = find.hits(plain, lower);
		if (hits.length === 0) return [];
		const harmless = find.harmless(plain, lower);
		const counting = hits.filter(hit => !harmless.some(context => contains(context, hit)));
		const categories = new Set(counting.map(({ category }) => category));
		return [...categories].map(category => ({ category, from: 'pattern', probability: 1 }));
	};
}

/** Where one of the patterns matches. */
interface Hit<Category> {
	category: Category;
	start: number;
	end: number;
}

function createFinder<Category>(
	patterns: readonly { category: Category; source: string }[],
	language: Language,
): (plain: string, lower: string) => Hit<Category>[] {
	const compiled = patterns.map(({ category, source }) => ({ category, pattern: compile(source, language) }));
	const mayMatch = createLiteralFilter(compiled.map(({ pattern }) => neededLiterals(pattern.source)));
	return (plain, lower) =>
		mayMatch(lower).flatMap(number => {
			const { category, pattern } = compiled[number] as (typeof compiled)[number];
			// Of those tried few match, and `matchAll` makes a pattern of its own each time.
			pattern.lastIndex = 0;
			if (!pattern.test(plain)) return [];
			pattern.lastIndex = 0;
			return [...plain.matchAll(pattern)].map(({ index, 0: { length } }) => ({
				category,
				start: index,
				end: index + length,
			}));
		});
}

/** Accents are taken off the pattern as off the text: customers leave them out. Letters keep their case, for `\S` and `\p{L}`. */
function compile(source: string, language: Language): RegExp {
	try {
		return new RegExp(withoutAccents(source), 'giu');
	} catch (cause) {
		throw new Error(`locales/${language}/sensitive.yaml: not a regular expression: ${source}`, { cause });
	}
}

function withoutAccents(text: string): string {
	return text
		.normalize('NFD')
		.replace(/\p{M}+/gu, '')
		.replace(/ß/g, 'ss')
		.replace(/[’`´]/g, "'");
}

function contains(outer: { start: number; end: number }, inner: { start: number; end: number }): boolean {
	return outer.start <= inner.start && inner.end <= outer.end;
}
