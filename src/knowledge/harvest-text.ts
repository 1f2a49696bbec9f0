import type { Message } from '../conversation.ts';
import type { Language } from '../language.ts';

export interface HarvestTextDeps {
	/** Takes HTML, quoted mail and signatures off. */
	strip: (raw: string) => string;
	/** Replaces personal data; names only where they are known. */
	redact: (text: string, language: Language, known: { name?: string; email?: string }) => string;
}

/** A question and its answer, as a stranger may read them. */
export interface QuestionAndAnswer {
	question: string;
	answer: string;
	/** The agent who gave the answer. */
	agentId: string;
}

/**
 * The question a solved conversation began with, and the fullest answer an agent wrote themselves: without greetings,
 * signatures, personal data, or anything of the assistant's. Undefined where no agent answered in their own words.
 */
export function harvestText(
	messages: readonly Message[],
	requester: { name: string | null; email: string | null },
	language: Language,
	{ strip, redact }: HarvestTextDeps,
): QuestionAndAnswer | undefined {
	const known = {
		...(requester.name ? { name: requester.name } : {}),
		...(requester.email ? { email: requester.email } : {}),
	};
	const clean = (text: string) => redact(withoutCourtesies(strip(text)), language, known).trim();
	const spoken = messages.filter(({ isPublic }) => isPublic);
	const firstReply = spoken.findIndex(({ author }) => author === 'agent');
	if (firstReply < 0) return undefined;

	const question = spoken
		.slice(0, firstReply)
		.filter(({ author }) => author === 'customer')
		.map(({ text }) => clean(text))
		.filter(Boolean)
		.join('\n\n');
	const answers = spoken
		.filter(({ author }) => author === 'agent')
		.map(({ text, authorId }) => ({ agentId: authorId, answer: clean(text) }))
		.toSorted((one, other) => other.answer.length - one.answer.length);
	const [fullest] = answers;
	return question && fullest?.answer ? { question, ...fullest } : undefined;
}

// One line that only greets, thanks or says goodbye, in any of the five languages, with a name after it or not.
const greeting =
	/^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|hola|buen[oa]s(?: (?:d[ií]as|tardes|noches))?|estimad[oa]s?|bonjour|bonsoir|salut|ch(?:er|ère)|hallo|guten (?:tag|morgen|abend)|liebe[rs]?|sehr geehrte[rs]?|moin|grüezi|servus|ol[áa]|oi|bom dia|boa (?:tarde|noite)|car[oa]|prezad[oa])\b[^.?\n]{0,50}[,!.:]?$/iu;
const farewell =
	/^(?:(?:kind|best|warm|many) (?:regards|wishes|thanks)|regards|best|cheers|sincerely|yours(?: \w+)?|thanks(?: again| a lot)?|thank you|have a (?:nice|good|great) \w+|(?:un )?(?:cordial )?saludos?|saludos cordiales|atentamente|gracias|un abrazo|(?:bien )?cordialement|bien à vous|belle journée|bonne journée|merci(?: d[’'e] ?avance)?|(?:mit )?(?:freundlichen|besten|lieben|herzlichen) grü(?:ß|ss)en?|(?:viele|beste|liebe|herzliche) grü(?:ß|ss)e|vielen dank|danke|einen schönen tag\b.*|atenciosamente|(?:com os )?melhores cumprimentos|cumprimentos|abraços?|obrigad[oa]|um abraço)[,!.]?(?:\s.{0,40})?$/iu;

/** Opening greetings, and everything from the closing formula on when little follows it. */
function withoutCourtesies(text: string): string {
	const lines = text.split('\n').map(line => line.trim());
	let start = 0;
	while (start < lines.length && (lines[start] === '' || greeting.test(lines[start] ?? ''))) start++;
	let end = lines.length;
	// A signature is short: a farewell further up is part of the text.
	for (let index = lines.length - 1; index >= Math.max(start, lines.length - 6); index--) {
		if (farewell.test(lines[index] ?? '')) end = index;
	}
	return lines
		.slice(start, end)
		.join('\n')
		.replace(/^(?:hi|hello|hola|bonjour|hallo|guten tag|ol[áa])\b[^,!.\n]{0,30}[,!]\s*/iu, '')
		.trim();
}
