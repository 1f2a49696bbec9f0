import { expect, test } from 'vitest';
import { askedFor, holds } from '../../src/answering/question-cues.ts';

test.each([
	['en', 'How long does delivery take?', 'duration', 'It takes 3–5 business days.', 'It is free.'],
	['en', 'How much is shipping?', 'amount', 'Shipping costs $4.', 'Shipping is fast.'],
	['es', '¿Cuándo llega mi pedido?', 'time', 'Llega el 3 de mayo.', 'Llega pronto.'],
	['es', '¿Dónde están?', 'place', 'Estamos en Madrid.', 'Estamos listos.'],
	['fr', 'Combien de jours faut-il ?', 'duration', 'Il faut deux jours.', 'Il faut payer.'],
	['de', 'Was kostet der Versand?', 'amount', 'Er kostet 5 €.', 'Er ist schnell.'],
	['de', 'Warum wurde storniert?', 'reason', 'Es wurde storniert, weil das Lager leer war.', 'Es wurde storniert.'],
	['pt', 'Quem assina a entrega?', 'person', 'Assina a Maria Silva.', 'Assina a pessoa em casa.'],
] as const)('%s: %s asks for %s', (language, question, kind, fitting, unfitting) => {
	expect(askedFor(question, language)[0]).toBe(kind);
	expect(holds(fitting, kind)).toBe(true);
	expect(holds(unfitting, kind)).toBe(false);
});
