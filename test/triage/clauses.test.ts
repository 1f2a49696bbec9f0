import { expect, test } from 'vitest';
import type { Language } from '../../src/language.ts';
import { splitClauses } from '../../src/triage/clauses.ts';

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
