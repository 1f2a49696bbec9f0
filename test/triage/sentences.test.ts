import { expect, test } from 'vitest';
import type { Language } from '../../src/language.ts';
import { splitClauses, splitSentences } from '../../src/triage/sentences.ts';

test.each<[Language, string, string[]]>([
	['en', 'Dr. Smith ordered it. Where is it?', ['Dr. Smith ordered it.', 'Where is it?']],
	[
		'de',
		'Ich habe am 3. Mai bestellt. Wo ist es, z. B. noch im Lager?',
		['Ich habe am 3. Mai bestellt.', 'Wo ist es, z. B. noch im Lager?'],
	],
	['es', 'El Sr. Pérez no está. ¿Quién firma?', ['El Sr. Pérez no está.', '¿Quién firma?']],
	['fr', 'Bonjour\nJe veux un remboursement.', ['Bonjour', 'Je veux un remboursement.']],
	['pt', '…\n!!\nOnde está?', ['Onde está?']],
])('%s: %s', (language, text, sentences) => {
	expect(splitSentences(text, language)).toEqual(sentences);
});

test.each<[Language, string, number]>([
	['en', 'I want to return the shoes and also change my address', 2],
	['de', 'Die Schuhe gehen zurück, außerdem brauche ich eine Rechnung', 2],
	['fr', 'Je renvoie le pull; et aussi, changez mon adresse', 2],
	['es', 'Quiero devolverlo y además cambiar mi correo', 2],
	['pt', 'Quero devolver, além disso preciso da fatura', 2],
	['en', 'I want to return the shoes', 1],
])('%s: a further want is a clause of its own: %s', (language, text, count) => {
	expect(splitClauses(text, language)).toHaveLength(count);
});
