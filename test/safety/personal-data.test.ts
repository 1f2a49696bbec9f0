import { describe, expect, test } from 'vitest';
import { findPersonalData, redact } from '../../src/safety/personal-data.ts';

describe('redact', () => {
	test.each([
		['en', "Write to ann.o'neil@x.example or ann+shop@sub.x.example.", 'Write to [EMAIL] or [EMAIL].'],
		['en', 'Mail me: ana (at) shop (dot) example', 'Mail me: [EMAIL]'],
		['en', 'My card 4111 1111 1111 1111 was charged', 'My card [CARD] was charged'],
		['de', 'Meine Karte 4111-1111-1111-1112 geht nicht', 'Meine Karte [CARD] geht nicht'],
		['en', 'Paid with 378282246310005.', 'Paid with [CARD].'],
		['de', 'Bitte auf DE89 3704 0044 0532 0130 00 erstatten', 'Bitte auf [IBAN] erstatten'],
		['fr', 'IBAN : FR7630006000011234567890189, merci', 'IBAN : [IBAN], merci'],
		['pt', 'o IBAN pt50000201231234567890154.', 'o IBAN [IBAN].'],
		['en', 'SSN 123-45-6789, NI number AB 12 34 56 C', 'SSN [NATIONAL_ID], NI number [NATIONAL_ID]'],
		['es', 'Mi DNI es 12345678Z y el NIE X-1234567-L', 'Mi DNI es [NATIONAL_ID] y el NIE [NATIONAL_ID]'],
		['pt', 'CPF 529.982.247-25, NIF: 123456789', 'CPF [NATIONAL_ID], NIF: [NATIONAL_ID]'],
		[
			'fr',
			'Mon numéro de sécurité sociale est 2 55 08 14 168 025 38',
			'Mon numéro de sécurité sociale est [NATIONAL_ID]',
		],
		['de', 'Meine Steuer-ID lautet 86 095 742 719.', 'Meine Steuer-ID lautet [NATIONAL_ID].'],
		['en', 'Failed from 203.0.113.7 and 2001:db8::ff00:42:8329 at 10:30:15', 'Failed from [IP] and [IP] at 10:30:15'],
		['en', 'Call me on (212) 555-0142 or +44 20 7946 0958', 'Call me on [PHONE] or [PHONE]'],
		['es', 'Llámenme al 612 345 678', 'Llámenme al [PHONE]'],
		['fr', 'Tél. 04.28.67.56.31', 'Tél. [PHONE]'],
		['de', 'Sie erreichen mich unter 030/1234567 bis 12.03.2026', 'Sie erreichen mich unter [PHONE] bis 12.03.2026'],
		['pt', 'O meu telemóvel é 912 345 678', 'O meu telemóvel é [PHONE]'],
		['en', 'Ship it to 221B Baker Street, London NW1 6XE.', 'Ship it to [ADDRESS].'],
		['es', 'Vivo en la Calle Mayor 12, 28013 Madrid.', 'Vivo en la [ADDRESS].'],
		['fr', 'Adresse : 12 bis rue de la Paix, 75002 Paris', 'Adresse : [ADDRESS]'],
		['de', 'Lieferung an Hauptstraße 5a, 10115 Berlin', 'Lieferung an [ADDRESS]'],
		['pt', 'Morada: Rua das Flores 123, 1200-195 Lisboa', 'Morada: [ADDRESS]'],
		['en', 'My name is Aila Halvari. Thanks,\nAila Halvari', 'My name is [NAME]. Thanks,\n[NAME]'],
		['de', 'Ich heiße Jörg von der Heide und Frau Müller weiß es', 'Ich heiße [NAME] und Frau [NAME] weiß es'],
		['fr', "Bonjour, c'est Anne-Marie Dupont, je reviens", "Bonjour, c'est [NAME], je reviens"],
	] as const)('%s: %s', (language, text, redacted) => {
		expect(redact(text, language)).toBe(redacted);
	});

	test.each([
		['en', 'Order #31369386 and ORD-3593680, tracking 993083778342, RR656621989DE, 1Z1240569471489884'],
		['en', 'SKU 4006381333931 shows error E-4012 since 2026-03-12, 12/03/2026, 3.4.2026'],
		['en', 'It costs $1,249.00 or 1 299 000 points, 10-12 days, from 1996-1997, 24/7'],
		['en', 'Build v2.11.0-rc1, firmware 10.4.2, version 10.4.2.1'],
		['en', 'Invoice 2026-84254, ticket 9420049325, order 0912345678'],
		['en', 'id 3f2b1c44-1234-4321-8888-123456789012 at 2026-11-21T13:36:00.000Z'],
		['de', 'Bestellung 2026-79755 vom 12.03.2026 über 1.249,00 €, Kundennummer 12345678'],
		['fr', 'Ma commande 04 12 34 56 78 90 n’est pas arrivée, 49,90 € débités'],
		['es', 'Pedido 612345678, factura 12345678, caso 2026-19773'],
		['pt', 'O pedido 912345678 custou R$ 1.249,00'],
		['en', 'I’m Sorry, This is Urgent. Thanks for the reply.'],
	] as const)('%s: what is no personal data survives: %s', (language, text) => {
		expect(redact(text, language)).toBe(text);
	});

	test('what the helpdesk knows of the requester is found however it is written', () => {
		const known = { name: 'Will van Berg', email: 'will@x.example', phone: '+49 171 2345678' };
		const text = 'WILL VAN BERG here (Will@X.example). Berg will call from 0171/234 56 78.';
		expect(redact(text, 'en', known)).toBe('[NAME] here ([EMAIL]). [NAME] will call from [PHONE].');
	});

	test('what overlaps is replaced once, and spans are in order', () => {
		const text = 'IBAN GB33NWBK81687316901913 of ann@x.example, call +1 415 555 2671';
		const spans = findPersonalData(text, 'en');
		expect(spans.map(({ kind }) => kind)).toEqual(['IBAN', 'EMAIL', 'PHONE']);
		for (const [index, span] of spans.entries()) expect(span.start).toBeGreaterThanOrEqual(spans[index - 1]?.end ?? 0);
	});

	test.each([
		'Aa-',
		'A',
		'1',
		'1 ',
		'a@',
		'a.',
		'rue Aa de ',
		'12 Aa Bb, ',
		'I am Aa Bb de la ',
		'DNI is is ',
		'a:',
		'DE12 ',
	])('hostile text of ten thousand characters takes no second: %j repeated', piece => {
		const start = performance.now();
		redact(piece.repeat(10_000 / piece.length), 'en', { name: 'Aa Bb', phone: '12345678' });
		expect(performance.now() - start).toBeLessThan(1_000);
	});
});
