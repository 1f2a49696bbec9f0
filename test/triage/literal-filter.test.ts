import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readTickets } from '../../src/demo/shop.ts';
import { createLiteralFilter } from '../../src/triage/literal-filter.ts';
import { parseLocaleSources, readLocaleSources } from '../../src/triage/locale-files.ts';
import { neededLiterals } from '../../src/triage/needed-literals.ts';
import { SensitiveFile } from '../../src/triage/sensitivity.ts';

describe('what a pattern needs', () => {
	test.each([
		['lawyers?', ['lawyer']],
		['\\b(?:sue|suing)\\b', ['sue', 'suing']],
		['\\b(?:start|begin)(?:ing)? (?:\\w+ )?proceedings\\b', ['proceedings']],
		['(legal) x{2,3}', ['legal']],
		['acci[oo]n', ['accion']],
		['(?=court)(?<!small )Claims', ['claims']],
		['(?:court|.*)', undefined],
		['court{0}', ['cour']],
		['a|bcd\\.e', ['a', 'bcd']],
		['\\w+\\s', undefined],
		['\\u{1f600}face', undefined],
		['(?<name>court)', undefined],
		['(?i:court)', undefined],
		['\\x41bc', undefined],
	])('%s needs %j', (source, needed) => {
		expect(neededLiterals(source)).toEqual(needed);
	});
});

test('patterns whose literals stand in the text are named, and those that need nothing', () => {
	const filter = createLiteralFilter([['court', 'lawyer'], undefined, ['fire'], ['hi'], ['courtyard']]);
	expect(filter('see you in court')).toEqual([0, 1, 3]);
	expect(filter('fire in the courtyard')).toEqual([0, 1, 2, 3, 4]);
	expect(filter('')).toEqual([1, 3]);
});

test('no pattern of the locales matches a text that the filter kept it from', async () => {
	const files = parseLocaleSources(
		await readLocaleSources(join(import.meta.dirname, '../../locales'), 'sensitive.yaml'),
		SensitiveFile,
	);
	const plain = (text: string) =>
		text
			.normalize('NFD')
			.replace(/\p{M}+/gu, '')
			.replace(/ß/g, 'ss')
			.replace(/[’`´]/g, "'");
	for (const [language, { patterns, harmless, examples }] of files) {
		const compiled = [...Object.values(patterns).flat(), ...harmless].map(source => new RegExp(plain(source), 'iu'));
		const filter = createLiteralFilter(compiled.map(({ source }) => neededLiterals(source)));
		const texts = [
			...readTickets().flatMap(ticket => (ticket.language === language ? ticket.text : [])),
			// A twelfth of them: every one of the patterns against all would take ten seconds.
			...[...examples.sensitive, ...examples.harmless].filter((_, place) => place % 12 === 0),
		];
		for (const text of texts.map(plain)) {
			const kept = new Set(filter(text.toLowerCase()));
			const missed = compiled.filter((pattern, number) => !kept.has(number) && pattern.test(text));
			expect(missed, text).toEqual([]);
		}
	}
});
