// What mail programs put around the mail that is answered or forwarded, in five languages.

/** Takes off quoted and forwarded mail; what is written above it, and between or below `>` lines, stays. */
export function removeQuotedMail(text: string): string {
	const lines = text
		.replace(wrappedAttribution, (_, attribution: string) => attribution.replace(/\n/g, ' '))
		.split('\n');
	const kept: string[] = [];
	for (let i = 0; i < lines.length; i++) {
		const line = lines[i] as string;
		if (quotedLine.test(line)) continue;
		if (isAttribution(line)) {
			// Answers below the quote are kept where the quote is marked; unmarked, everything below belongs to it.
			if (hasQuotedLineNext(lines, i + 1)) continue;
			break;
		}
		if (separator.test(line.trim()) || startsHeaderBlock(lines, i)) break;
		kept.push(line);
	}
	while (kept.length > 0 && /^[\s_=*-]*$/.test(kept.at(-1) ?? '')) kept.pop();
	return kept.join('\n');
}

/** Quote marks, attributions, separators and mail headers taken off, but the quoted words kept. */
export function unquote(text: string): string {
	return text
		.split('\n')
		.map(line => line.replace(/^(?:\s*>)+ ?/, ''))
		.filter(line => !isAttribution(line) && !separator.test(line.trim()) && !headerLine.test(line))
		.join('\n');
}

const quotedLine = /^\s*>/;

const attribution =
	/^\W{0,3}(?:(?:on|el|le|am|em|no dia|o dia|il)\b.{4,250}(?:wrote|escribi[oó]|a [ée]crit|schrieb\b.{0,120}|escreveu)\s*:|\d{4}[-/.]\d\d[-/.]\d\d.{0,120}<[^>]+@[^>]+>\s*:|.{2,80}<[^>\s]+@[^>\s]+>\s+(?:wrote|escribi[oó]|a [ée]crit|schrieb|escreveu)\b.{0,60}:)\s*$/i;

/** Mail programs wrap at 76 characters, so an attribution may run over two or three lines. */
const wrappedAttribution =
	/^(\W{0,3}(?:On|El|Le|Am|Em|No dia)\b[^\n]{4,200}\n[^\n]{0,160}(?:\n[^\n]{0,120})?(?:wrote|escribió|a écrit|schrieb|escreveu)[^\n]{0,80}:)[ \t]*$/gm;

function isAttribution(line: string): boolean {
	return attribution.test(line) && /\d|@/.test(line);
}

const separator =
	/^(?:-{2,}\s*(?:original message|mensaje original|mensagem original|message d'origine|message original|urspr(?:ü|ue)ngliche nachricht|forwarded (?:message|by)|mensaje reenviado|mensagem (?:encaminhada|reencaminhada)|message transf[ée]r[ée]|weitergeleitete nachricht).*|begin forwarded message:|inicio del mensaje reenviado:|d[ée]but du message (?:transf[ée]r[ée]|r[ée]exp[ée]di[ée])\s*:|anfang der weitergeleiteten nachricht:|in[ií]cio da mensagem (?:encaminhada|reencaminhada):|#{2,}-? .+ -?#{2,})$/i;

const senderLine = /^\s*\*?(?:from|de|von|desde|expéditeur|expediteur|remitente)\s?:\*?\s*\S/i;
const headerLine =
	/^\s*\*?(?:from|de|von|desde|expéditeur|sent|date|enviado(?: el| em)?|enviada(?: em)?|envoyé(?: le)?|gesendet|fecha|datum|data|to|para|à|an|cc|kopie|subject|asunto|objet|betreff|assunto)\s?:\*?\s*\S/i;

/** Outlook's block: a sender line and at least two more header lines among the next five. */
function startsHeaderBlock(lines: string[], at: number): boolean {
	if (!senderLine.test(lines[at] ?? '')) return false;
	return lines.slice(at + 1, at + 6).filter(line => headerLine.test(line)).length >= 2;
}

function hasQuotedLineNext(lines: string[], from: number): boolean {
	const next = lines.slice(from, from + 3).find(line => line.trim() !== '');
	return next !== undefined && quotedLine.test(next);
}
