/** What the words just before a number say that it is. */
export type NumberCue = 'phone' | 'card' | 'reference' | 'none';

/**
 * The nearest telling word within the sixty characters before `start`, in any of the five languages: people write in one
 * language and paste from another.
 */
export function cueBefore(text: string, start: number): NumberCue {
	const before = text.slice(Math.max(0, start - 60), start);
	let cue: NumberCue = 'none';
	let nearest = -1;
	for (const [kind, pattern] of patterns) {
		for (const { index } of before.matchAll(pattern)) {
			if (index <= nearest) continue;
			nearest = index;
			cue = kind;
		}
	}
	return cue;
}

/** Whether the words just after a number call it a telephone number: "… is my mobile". */
export function isCalledPhoneAfter(text: string, end: number): boolean {
	return /^[\s,]{0,2}(?:\(?(?:mobile|cell|home|work|office|móvil|casa|portable|fixe|mobil|handy|privat|telemóvel|celular)\b|(?:is|es|est|ist|é)\s+(?:my|mi|mon|meine|o meu)\s+(?:\p{L}+\s)?(?:phone|mobile|cell|number|teléfono|móvil|número|téléphone|portable|nummer|handynummer|telefonnummer|telefone|telemóvel))/iu.test(
		text.slice(end, end + 40),
	);
}

const word = (words: string) => new RegExp(`(?<![\\p{L}\\p{N}])(?:${words})`, 'giu');

const patterns: [NumberCue, RegExp][] = [
	[
		'phone',
		word(
			'phone|(?:my|mi|mon|meine?|o meu|meu) (?:number|n[úu]mero|num[ée]ro|nummer)(?! (?:de|of))|t[ée]l(?!\\p{L})|telephone|call (?:me|us|back|at|on)|calling|reach (?:me|us)|ring me|mobile|cell(?:phone)?(?! \\p{L}+ plan)|whats?app|fax|text me|sms|' +
				'tel[ée]fono|m[óo]vil|ll[áa]m\\p{L}+|contact\\p{L}*|celular|' +
				't[ée]l[ée]phone|appel\\p{L}*|rappel\\p{L}*|joign\\p{L}+|joindre|portable|' +
				'telefon\\p{L}*|erreich\\p{L}*|handy\\p{L}*|rufen|ruf mich|anruf\\p{L}*|zur[üu]ckrufen|mobil\\p{L}*|durchwahl|' +
				'telefone|telem[óo]vel|lig(?:ue|uem|ar|a-)\\p{L}*(?:-me)?',
		),
	],
	['card', word('card|visa|mastercard|amex|american express|tarjeta|carte(?! de fid)|karte|kreditkarte|cart[ãa]o')],
	[
		'reference',
		/(?<![\p{L}\p{N}])(?:order|purchase|invoice|receipt|tracking|shipment|parcel|ticket|case|reference|ref|serial|model|sku|ean|upc|isbn|item|article|product|version|build|firmware|release|transaction|booking|reservation|contract|customer (?:no|number|id)|account (?:no|number|id)|error|code|id|pedido|compra|factura|recibo|seguimiento|env[íi]o n|caso|referencia|serie|modelo|art[íi]culo|producto|versi[óo]n|c[óo]digo|reserva|contrato|commande|facture|suivi|colis|dossier|r[ée]f[ée]rence|s[ée]rie|mod[èe]le|produit|r[ée]servation|contrat|bestell\p{L}*|auftrag\p{L}*|rechnung\p{L}*|sendung\p{L}*|paket\p{L}*|fall|vorgang\p{L}*|referenz\p{L}*|serien\p{L}*|modell|artikel\p{L}*|produkt\p{L}*|fehler\p{L}*|kundennummer|vertrag\p{L}*|buchung\p{L}*|encomenda|fatura|rastreio|rastreamento|refer[êe]ncia|s[ée]rie|artigo|produto|vers[ãa]o|contrato|nota fiscal)(?![\p{L}])|#/giu,
	],
];
