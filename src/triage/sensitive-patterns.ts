import { z } from 'zod';
import type { Language } from '../language.ts';
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
	const compiled = new Map(
		[...files].map(([language, file]) => [
			language,
			{
				patterns: Object.entries(file.patterns).flatMap(([category, sources]) =>
					sources.map(source => ({ category, pattern: compile(source, language) })),
				),
				harmless: file.harmless.map(source => compile(source, language)),
			},
		]),
	);
	return (text, language) => {
		const rules = compiled.get(language);
		if (!rules) return [];
		const plain = withoutAccents(text);
		const harmless = rules.harmless.flatMap(pattern => [...plain.matchAll(pattern)].map(spanOf));
		const categories = rules.patterns
			.filter(({ pattern }) =>
				[...plain.matchAll(pattern)].map(spanOf).some(hit => !harmless.some(context => contains(context, hit))),
			)
			.map(({ category }) => category);
		return [...new Set(categories)].map(category => ({ category, from: 'pattern', probability: 1 }));
	};
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

function spanOf(match: RegExpExecArray): { start: number; end: number } {
	return { start: match.index, end: match.index + match[0].length };
}

function contains(outer: { start: number; end: number }, inner: { start: number; end: number }): boolean {
	return outer.start <= inner.start && inner.end <= outer.end;
}
