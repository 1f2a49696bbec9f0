import type { Language } from '../language.ts';
import { splitSentences } from '../sentences.ts';

/** Sentences cut further where a further want is announced ("and also …", "außerdem …") or a semicolon stands. */
export function splitClauses(text: string, language: Language): string[] {
	return splitSentences(text, language).flatMap(sentence =>
		sentence
			.split(furtherWant[language])
			.map(clause => clause.trim())
			.filter(clause => /\p{L}/u.test(clause)),
	);
}

const furtherWant: Record<Language, RegExp> = {
	en: /;|[,.]?\s+(?:and also|also,|and another thing|oh and|plus,|additionally|by the way|btw|on top of that|while (?:i'm|we're) at it)\b/i,
	es: /;|[,.]?\s+(?:y también|y además|además|otra cosa|por cierto|de paso|aparte de eso)(?!\p{L})/iu,
	fr: /;|[,.]?\s+(?:et aussi|et également|par ailleurs|de plus|en outre|au fait|autre chose|d'ailleurs|et puis)(?!\p{L})/iu,
	de: /;|[,.]?\s+(?:und auch|und außerdem|außerdem|ausserdem|zudem|übrigens|nebenbei|ach ja|und noch (?:was|etwas)|des weiteren)(?!\p{L})/iu,
	pt: /;|[,.]?\s+(?:e também|e além disso|além disso|outra coisa|a propósito|aliás|já agora|aproveitando)(?!\p{L})/iu,
};
