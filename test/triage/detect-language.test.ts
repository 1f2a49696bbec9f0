import { expect, test } from 'vitest';
import type { Language } from '../../src/language.ts';
import { loadLanguageDetector } from '../../src/triage/detect-language.ts';
import { evaluateLanguage } from '../../src/triage/evaluate-language.ts';

const detect = await loadLanguageDetector();

test.each<[Language, string]>([
	['en', 'where is my parcel, it was due yesterday'],
	['es', 'hola, donde esta mi pedido? lo espero desde el lunes'],
	['fr', 'bonjour je nai toujours pas recu mon colis'],
	['de', 'wo bleibt mein Paket, ich warte seit Montag'],
	['pt', 'onde esta minha encomenda? ja faz duas semanas'],
])('%s is told from the text: %s', (language, text) => {
	expect(detect(text)).toEqual({ language, from: 'text' });
});

test('under three words the conversation decides, then the requester', () => {
	expect(detect('ok gracias', { conversation: 'de', requester: 'es' })).toEqual({
		language: 'de',
		from: 'conversation',
	});
	expect(detect('OK', { requester: 'fr' })).toEqual({ language: 'fr', from: 'requester' });
});

test('without words and without anything known it is English by default', () => {
	expect(detect('12345 👍 https://shop.test/es/pedido')).toEqual({ language: 'en', from: 'default' });
});

test('a customer who clearly switches language is followed', () => {
	const text = 'Sorry, my German is bad. Could you please tell me in English where my order is?';
	expect(detect(text, { conversation: 'de', requester: 'de' })).toEqual({ language: 'en', from: 'text' });
});

test('links, addresses and codes do not decide', () => {
	const text = 'ana.garcia@correo.es https://tienda.es/pedido NB-12345 where is my order please';
	expect(detect(text)).toEqual({ language: 'en', from: 'text' });
});

test('figures are the shares that are right', () => {
	const figures = evaluateLanguage(detect, [
		{ text: 'wo bleibt mein Paket seit Montag', label: 'de' },
		{ text: 'wo bleibt mein Paket seit Montag', label: 'fr' },
	]);
	expect(figures).toMatchObject({ accuracy: 0.5, accuracyByLanguage: { de: 1, fr: 0 } });
});
