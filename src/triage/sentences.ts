import type { Language } from '../language.ts';

/** Sentences of a message, by Unicode's rules, with false ends (abbreviations, German ordinals) put together again. */
export function splitSentences(text: string, language: Language): string[] {
	return text
		.split(/\n+/)
		.flatMap(line => splitLine(line, language))
		.filter(sentence => /[\p{L}\p{N}]/u.test(sentence));
}

/** Sentences cut further where a further want is announced ("and also …", "außerdem …") or a semicolon stands. */
export function splitClauses(text: string, language: Language): string[] {
	return splitSentences(text, language).flatMap(sentence =>
		sentence
			.split(furtherWant[language])
			.map(clause => clause.trim())
			.filter(clause => /\p{L}/u.test(clause)),
	);
}

const segmenters = new Map<Language, Intl.Segmenter>();

function splitLine(line: string, language: Language): string[] {
	let segmenter = segmenters.get(language);
	if (!segmenter) {
		segmenter = new Intl.Segmenter(language, { granularity: 'sentence' });
		segmenters.set(language, segmenter);
	}
	const sentences: string[] = [];
	let pending = '';
	for (const { segment } of segmenter.segment(line)) {
		if (pending !== '' && !endsFalsely(pending.trimEnd(), segment, language)) {
			sentences.push(pending.trim());
			pending = '';
		}
		pending += segment;
	}
	return [...sentences, pending.trim()];
}

const abbreviation =
	/(?:^|[\s(«"])(?:\p{L}|Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|vs|etc|e\.g|i\.e|approx|No|Nr|nº|Str|bzw|ca|z\.\s?B|d\.\s?h|u\.\s?a|usw|inkl|zzgl|Sra?|Dra?|Dña|Ud|Uds|pág|art|núm|aprox|ej|EE|M|Mme|Mlle|env|av|p\.\s?ex|Exm[oa]|Ltda|Inc|Ltd|Co|Corp|Tel|tél|Mio|Mrd|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Okt|Nov|Dec|Dez)\.$/u;

function endsFalsely(before: string, after: string, language: Language): boolean {
	if (abbreviation.test(before) || /^\p{Ll}/u.test(after)) return true;
	return language === 'de' && /(?:^|\s)\d{1,2}\.$/.test(before);
}

const furtherWant: Record<Language, RegExp> = {
	en: /;|[,.]?\s+(?:and also|also,|and another thing|oh and|plus,|additionally|by the way|btw|on top of that|while (?:i'm|we're) at it)\b/i,
	es: /;|[,.]?\s+(?:y también|y además|además|otra cosa|por cierto|de paso|aparte de eso)(?!\p{L})/iu,
	fr: /;|[,.]?\s+(?:et aussi|et également|par ailleurs|de plus|en outre|au fait|autre chose|d'ailleurs|et puis)(?!\p{L})/iu,
	de: /;|[,.]?\s+(?:und auch|und außerdem|außerdem|ausserdem|zudem|übrigens|nebenbei|ach ja|und noch (?:was|etwas)|des weiteren)(?!\p{L})/iu,
	pt: /;|[,.]?\s+(?:e também|e além disso|além disso|outra coisa|a propósito|aliás|já agora|aproveitando)(?!\p{L})/iu,
};
