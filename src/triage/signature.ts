// What stands below the words of a mail without being said by anyone: device lines, legal notices, names and numbers.

/** Takes off lines that mail programs and companies add: "Sent from my iPhone", confidentiality notices, everything below `-- `. */
export function removeBoilerplate(text: string): string {
	const lines = text.split('\n');
	const delimiter = lines.findIndex((line, i) => i > 0 && /^--\s?$/.test(line));
	const above = (delimiter === -1 ? lines : lines.slice(0, delimiter)).filter(line => !deviceLine.test(line.trim()));
	return above
		.join('\n')
		.split(/\n{2,}/)
		.filter(paragraph => !isLegalNotice(paragraph))
		.join('\n\n');
}

/**
 * Below a closing ("Best regards,", "Un saludo", "Mit freundlichen Grüßen") the lines of a signature go; the closing stays.
 * A postscript, a question and a line that names an order stay too: customers write those below their name.
 */
export function removeContactLines(text: string): string {
	const lines = text.split('\n');
	const closing = lines.findLastIndex(
		(line, i) => closingLine.test(line.trim()) && i >= lines.length - maxSignatureLines,
	);
	if (closing === -1) return text;
	const below = lines.slice(closing + 1);
	// Long lines below are words, not a signature: the "closing" was a greeting or a thank-you in passing.
	if (below.some(line => line.length > 90 && !saysSomething.test(line))) return text;
	const postscript = below.findIndex(line => /^\s*p\.?\s?s\.?(?:\s*[:.\-–]|\s)/i.test(line));
	const kept = below.filter((line, i) => (postscript !== -1 && i >= postscript) || saysSomething.test(line));
	return [...lines.slice(0, closing + 1), ...kept].join('\n');
}

const maxSignatureLines = 14;

const deviceLine =
	/^(?:[-–—*_\s]*)(?:sent (?:from|with|via|using)\b.{0,80}|get outlook for\b.{0,40}|enviado (?:desde|con|do|da|pelo|a partir d[eo]|via)\b.{0,80}|obtener outlook para\b.{0,40}|obter o outlook para\b.{0,40}|envoy[ée] (?:de(?:puis)?|à partir de|avec|via)\b.{0,80}|(?:t[ée]l[ée]charge[rz]|obtene[zr]) outlook pour\b.{0,40}|(?:von (?:meinem|unterwegs|mein)\b.{0,60}|gesendet (?:von|mit|via|über)\b.{0,80}|diese nachricht wurde von meinem\b.{0,80})|outlook für (?:ios|android)\b.{0,30}|virus-free\..{0,60}|libre de virus\..{0,60}|garanti sans virus\..{0,60}|virenfrei\..{0,60}|livre de vírus\..{0,60})$/i;

const noticeOpening =
	/^\W*(?:this (?:e-?mail|message|communication)|the (?:information|content)s? (?:contained )?in this|confidentiality|disclaimer|legal notice|if you (?:are not|have received)|este (?:mensaje|correo|e-?mail)|esta (?:mensagem|comunica)|la informaci[óo]n contenida|aviso (?:legal|de)|as informa[çc][õo]es (?:contidas|desta)|ce (?:message|courriel|mail|courrier)|les informations contenues|avis de confidentialit|diese (?:e-?mail|nachricht)|der inhalt dieser|vertraulichkeit|haftungsausschluss)/i;
const noticeWords =
	/confiden[ct]i|vertraulich|intended (?:solely|only|recipient)|destinat[áa]ri|destinataire|empf[äa]nger|unauthori[sz]ed|privileged|proh[ií]b/gi;
const printNotice =
	/^\W*(?:please (?:consider|think of) the environment|antes de imprimir|piense en el medio|pensez (?:à|a) l'environnement|bitte (?:denken|pr[üu]fen) sie.{0,40}(?:umwelt|drucken)|pense no (?:meio )?ambiente)/i;

/** Two words of a notice besides its opening, so that a customer's own "this e-mail is confidential" is not taken for one. */
function isLegalNotice(paragraph: string): boolean {
	if (printNotice.test(paragraph)) return true;
	return noticeOpening.test(paragraph) && paragraph.length > 90 && (paragraph.match(noticeWords)?.length ?? 0) >= 2;
}

const closingLine =
	/^(?:(?:many |kind(?:est)? |best |warm(?:est)? |with (?:kind |best )?)?(?:regards|wishes)|best|cheers|sincerely(?: yours)?|yours (?:sincerely|faithfully|truly)|(?:many )?thanks(?: (?:again|a lot|so much|in advance|and (?:kind |best )?regards))?|thank you(?: (?:again|so much|in advance|very much))?|thx|ta|(?:un )?(?:cordial |fuerte )?saludos?(?: cordial(?:es)?)?|(?:un )?abrazos?|atentamente|atte|(?:muchas )?gracias(?: (?:de antemano|por adelantado|y (?:un )?saludos?))?|quedo (?:atent[oa]|a la espera).{0,40}|(?:bien )?cordialement|(?:bien )?[àa] vous|(?:sinc[èe]res |meilleures )?salutations(?: distingu[ée]es)?|bonne (?:journ[ée]e|soir[ée]e)|merci(?: (?:d'avance|beaucoup|par avance|et bonne journ[ée]e))?|bien [àa] (?:vous|toi)|(?:mit )?(?:freundlichen?|besten?|lieben?|viele[nr]?|herzlichen?|sch[öo]nen?) gr[üu](?:ß|ss)en?(?: aus .{2,30})?|(?:liebe|viele|beste|sch[öo]ne) gr[üu](?:ß|ss)e(?: aus .{2,30})?|gr[üu](?:ß|ss)e?|mfg|lg|vg|(?:vielen |besten |herzlichen )?dank(?: im voraus)?|danke(?: (?:sch[öo]n|im voraus))?|hochachtungsvoll|(?:com os )?(?:melhores )?cumprimentos|atenciosamente|att|abra[çc]os?|(?:muit[oa] )?obrigad[oa](?: (?:desde j[áa]|pela aten[çc][ãa]o))?|grat[oa](?: desde j[áa])?|cordialmente)[\s,.!:;)\u2013-]*$/iu;

/** A question, an order or ticket number, or a full sentence about one. */
const saysSomething =
	/\?|#\s?\w*\d|\b[A-Z]{2,5}-\d{3,}|(?:order|pedido|commande|bestell|auftrag|encomenda|invoice|factura|facture|rechnung|fatura|ticket|account|cuenta|compte|kunden|conta|cliente?)\b.{0,25}\d{3,}/i;
