import { eld } from 'eld/large';
import { expect, test } from 'vitest';
import { readTickets } from '../../src/demo/shop.ts';
import { languages } from '../../src/language.ts';
import { languageScores, readLanguageNgrams } from '../../src/triage/language-ngrams.ts';

const ngrams = await readLanguageNgrams();

function scoresOfEld(text: string) {
	const scores = eld.detect(text).getScores();
	return Object.fromEntries(languages.map(language => [language, scores[language] ?? 0]));
}

test.each(readTickets().map(({ id, text }) => [id, text]))('%s is scored as the whole of eld does', (_id, text) => {
	expect(languageScores(text, ngrams)).toEqual(scoresOfEld(text));
});

test.each([
	['nothing', ''],
	['one letter', 'a'],
	['three and four letters', 'abc abcd'],
	['a language of none of ours', 'Waar is mijn pakket gebleven? Ik wacht al een week.'],
	['another script', 'Где моя посылка? 私の荷物はどこですか'],
	['apostrophes', "l’été d'Éric, ''quoted'' 5' don`t"],
	['letters beyond the first plane', 'my 𝐩𝐚𝐫𝐜𝐞𝐥 is lost'],
	['one word beyond every bound', 'ö'.repeat(600)],
	['the last bytes cut inside a word', `${'é '.repeat(110)}straßenbahnhaltestelle über dem Fluß`],
])('%s is scored as the whole of eld does', (_name, text) => {
	expect(languageScores(text, ngrams)).toEqual(scoresOfEld(text));
});
