import type { Conversation } from '../conversation.ts';
import type { Language } from '../language.ts';
import type { Phrases } from '../phrases.ts';
import type { Answer, Citation } from './answer.ts';

/** The words around a quoted answer, in the customer's language, as Markdown with the sources as links. */
export function composeReply(
	answer: Extract<Answer, { kind: 'answer' }>,
	language: Language,
	requester: Pick<Conversation['requester'], 'name'>,
	phrases: Phrases,
): string {
	const say = phrases(language);
	const isForeign = answer.language !== language;
	const intro = isForeign
		? say('reply.intro_foreign', { language: say(`language.${answer.language}`) })
		: say('reply.intro');
	const links = answer.citations.map(citationLink).join(' · ');
	return [
		greeting(requester.name, language, phrases),
		intro,
		answer.sentences.map(({ text }) => quote(text)).join('\n>\n'),
		say('reply.sources', { count: answer.citations.length, links }),
		`${say('reply.closing')}\n\n${say('reply.signature')}`,
	].join('\n\n');
}

/** A fixed line with greeting and signature: `out_of_scope`, `feedback`, `hand_over`. */
export function composeLine(
	line: 'out_of_scope' | 'feedback' | 'hand_over',
	language: Language,
	requester: Pick<Conversation['requester'], 'name'>,
	phrases: Phrases,
): string {
	const say = phrases(language);
	return [greeting(requester.name, language, phrases), say(`line.${line}`), say('reply.signature')].join('\n\n');
}

function greeting(name: string | null, language: Language, phrases: Phrases): string {
	const say = phrases(language);
	// A mail address or a shouted handle is no name to greet by.
	const isName = name !== null && /^\p{Lu}[\p{L}'’.-]+( \p{L}[\p{L}'’.-]*)*$/u.test(name.trim());
	return isName ? say('reply.greeting', { name: name.trim() }) : say('reply.greeting_plain');
}

const quote = (text: string) =>
	text
		.split('\n')
		.map(line => `> ${line}`)
		.join('\n');

/** A citation as a Markdown link, or its title where it has no page. */
export function citationLink({ title, url }: Citation): string {
	const label = title.replaceAll(/[[\]]/g, '');
	return url ? `[${label}](${url})` : `“${label}”`;
}
