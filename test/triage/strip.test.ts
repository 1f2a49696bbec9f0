import { describe, expect, test } from 'vitest';
import { stripMessage } from '../../src/triage/strip.ts';

describe('HTML', () => {
	test('becomes text, and quoted mail inside it goes', () => {
		const html =
			'<div>Hi,<br>where is my <b>parcel</b>?</div><div class="gmail_quote"><div>On Mon, 3 Mar 2025 at 10:00 Support &lt;help@shop.test&gt; wrote:<br></div><blockquote>We sent it on Friday.</blockquote></div>';
		expect(stripMessage(html)).toBe('Hi,\nwhere is my parcel?');
	});

	test('scripts, styles and link targets leave no trace', () => {
		const html =
			'<style>p{color:red}</style><p>See <a href="https://evil.test/x">this page</a></p><script>alert(1)</script>';
		expect(stripMessage(html)).toBe('See this page');
	});

	test('a less-than sign in plain text is no tag', () => {
		expect(stripMessage('I paid < 50 euros and > 40')).toBe('I paid < 50 euros and > 40');
	});
});

describe('quoted mail', () => {
	test.each([
		['en', 'On Mon, 3 Mar 2025 at 10:00, Shop Support <help@shop.test> wrote:'],
		['en, wrapped', 'On Mon, 3 Mar 2025 at 10:00, Shop Support\n<help@shop.test> wrote:'],
		['es', 'El lun, 3 mar 2025 a las 10:00, Soporte (<help@shop.test>) escribió:'],
		['fr', 'Le lun. 3 mars 2025 à 10:00, Support <help@shop.test> a écrit :'],
		['de', 'Am Mo., 3. März 2025 um 10:00 Uhr schrieb Support <help@shop.test>:'],
		['pt', 'Em seg., 3 de mar. de 2025 às 10:00, Suporte <help@shop.test> escreveu:'],
		['Outlook en', '-----Original Message-----\nFrom: Support\nSent: Monday'],
		['Outlook es', 'De: Soporte\nEnviado: lunes, 3 de marzo\nPara: Ana\nAsunto: RE: pedido\n'],
		[
			'Outlook de',
			'________________________________\nVon: Support\nGesendet: Montag\nAn: Max\nBetreff: AW: Bestellung\n',
		],
		['Outlook fr', 'De : Support\nEnvoyé : lundi 3 mars\nÀ : Jean\nObjet : RE: commande\n'],
		['forwarded', '---------- Forwarded message ---------\nFrom: Support <help@shop.test>'],
		['Zendesk', '##- Please type your reply above this line -##'],
	])('%s: what stands below goes', (_, header) => {
		expect(stripMessage(`Still nothing here.\n\n${header}\nThe old words of the other side.`)).toBe(
			'Still nothing here.',
		);
	});

	test('answers between and below quoted lines stay', () => {
		const message =
			'On 3 Mar 2025, Support <help@shop.test> wrote:\n> Which order is it?\nThe one from May.\n> And your name?\nAna';
		expect(stripMessage(message)).toBe('The one from May.\nAna');
	});

	test('a message that is nothing but a quote keeps its words', () => {
		expect(stripMessage('> my parcel\n> never came')).toBe('my parcel\nnever came');
	});

	test('a bare forward keeps the forwarded words without the headers', () => {
		const message = 'Begin forwarded message:\n\nFrom: Bob\nTo: Shop\nSubject: Lamp\n\nThe lamp is broken.';
		expect(stripMessage(message)).toBe('The lamp is broken.');
	});

	test('a sentence with "on" and "wrote" is no attribution', () => {
		expect(stripMessage('On the box somebody wrote: fragile\nIt broke anyway.')).toContain('It broke anyway.');
	});
});

describe('signatures', () => {
	test.each([
		['Thanks,\nAnna Smith\nHead of Things\n+44 20 7946 0000', 'Thanks,'],
		['Un saludo,\nAna Pérez\nTel. 600 123 123', 'Un saludo,'],
		['Cordialement\nJean Dupont\nDirecteur commercial', 'Cordialement'],
		['Mit freundlichen Grüßen\nMax Muster\nMuster GmbH\nwww.muster.test', 'Mit freundlichen Grüßen'],
		['Com os melhores cumprimentos,\nJoão Silva\nSilva Lda', 'Com os melhores cumprimentos,'],
	])('the closing stays, the lines below it go: %s', (signature, closing) => {
		expect(stripMessage(`It does not work.\n\n${signature}`)).toBe(`It does not work.\n\n${closing}`);
	});

	test('a postscript and an order number below the name stay', () => {
		const message = 'It never came.\n\nRegards,\nAnna Smith\nOrder NB-123456\nPS: I moved to Leeds.';
		expect(stripMessage(message)).toBe('It never came.\n\nRegards,\nOrder NB-123456\nPS: I moved to Leeds.');
	});

	test('a question asked after the thanks stays', () => {
		expect(stripMessage('Thanks\nAnd when will it come?')).toBe('Thanks\nAnd when will it come?');
	});

	test('everything below the signature mark goes', () => {
		expect(stripMessage('Where is it?\n-- \nAnna\nAcme Ltd')).toBe('Where is it?');
	});

	test.each([
		'Sent from my iPhone',
		'Enviado desde mi iPhone',
		'Envoyé de mon iPhone',
		'Von meinem iPhone gesendet',
		'Enviado do meu iPhone',
	])('"%s" goes', line => {
		expect(stripMessage(`Hallo?\n\n${line}`)).toBe('Hallo?');
	});

	test.each([
		'This e-mail and any attachments are confidential and intended solely for the recipient. Unauthorised use is prohibited by law.',
		'Este mensaje y sus anexos son confidenciales y se dirigen exclusivamente a su destinatario. Queda prohibida su divulgación.',
		'Ce message et ses pièces jointes sont confidentiels et établis à l’intention exclusive de ses destinataires désignés.',
		'Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Empfänger sind, informieren Sie bitte den Absender.',
		'Esta mensagem é confidencial e destina-se apenas ao destinatário. É proibida a sua divulgação a terceiros sem autorização.',
	])('a legal notice goes: %s', notice => {
		expect(stripMessage(`Is the blue one back?\n\n${notice}`)).toBe('Is the blue one back?');
	});

	test("a customer's own confidence stays", () => {
		const message = 'This email is confidential, please do not tell my wife: I ordered the ring twice.';
		expect(stripMessage(message)).toBe(message);
	});
});

test.each([
	'Sent from my iPhone',
	'> ?ok',
	'-- \nAnna',
	'Regards,\nBob',
	'<p>👍 ok</p>',
	'From: me\nTo: you\nSubject: lamp',
])('a message with words is never left without: %s', message => {
	expect(stripMessage(message)).toMatch(/\p{L}/u);
});
