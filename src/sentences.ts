import { createGenerationCache, type GenerationCache } from './generation-cache.ts';
import type { Language } from './language.ts';

/**
 * Sentences in order, each trimmed and verbatim. A line break always ends one.
 * `Intl.Segmenter` does the work; what it cuts after an abbreviation, a German ordinal or inside a URL is joined again.
 */
export function splitSentences(text: string, language: Language): readonly string[] {
	return remembered[language].get(text, () => text.split('\n').flatMap(line => splitLine(line, language)));
}

/** A message is split for its intents, its sensitivity and its answer, one soon after the other. */
const remembered: Record<Language, GenerationCache<string, readonly string[]>> = {
	en: createGenerationCache(16),
	es: createGenerationCache(16),
	fr: createGenerationCache(16),
	de: createGenerationCache(16),
	pt: createGenerationCache(16),
};

const segmenters = new Map<Language, Intl.Segmenter>();

function splitLine(line: string, language: Language): string[] {
	let segmenter = segmenters.get(language);
	if (!segmenter) {
		segmenter = new Intl.Segmenter(language, { granularity: 'sentence' });
		segmenters.set(language, segmenter);
	}
	const sentences: string[] = [];
	let open = '';
	for (const { segment } of segmenter.segment(line)) {
		if (open && !isBoundary(open, segment, language)) {
			open += segment;
			continue;
		}
		if (open.trim()) sentences.push(open.trim());
		open = segment;
	}
	if (open.trim()) sentences.push(open.trim());
	return sentences;
}

function isBoundary(before: string, after: string, language: Language): boolean {
	if (!/\s$/u.test(before)) return false; // "example.com/?a=b", "3.Oktober"
	const text = before.trimEnd();
	if (/^[\p{Ll})\]»,;]/u.test(after)) return false;
	if (!text.endsWith('.')) return true;
	if (/(?:^|[\s(«"„'’])\p{L}\.$/u.test(text)) return false; // an initial, "z. B.", "d. h."
	const word = text.match(/[\p{L}\p{N}.]+$/u)?.[0].toLowerCase() ?? '';
	if (abbreviations[language].has(word)) return false;
	if (word === 'no.' && /^\d/u.test(after)) return false; // "No. 5", not "No. Never."
	if (/^\d{1,3}\.$/u.test(word)) return !(language === 'de' && isOrdinal(text, after)) && text !== word;
	return true;
}

/** In German "am 3. Oktober" and "zum 2. Mal" are ordinals; "Es waren 30. Danach" is the end of a sentence. */
function isOrdinal(text: string, after: string): boolean {
	if (germanMonths.test(after)) return true;
	return /(?:^|\s)(?:der|die|das|dem|den|des|am|im|zum|zur|ab|bis|vom|beim|ein|eine|einer|eines|einen|und|oder|jede[rsnm]?|ihr(?:e[rsnm]?)?|sein(?:e[rsnm]?)?)\s+\d{1,3}\.$/iu.test(
		text,
	);
}

const germanMonths =
	/^(?:Jan|Feb|Mär|Mrz|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez|Jahrhundert|Jahrestag|Platz|Etage|Stock|Quartal|Klasse|Liga|Mal\b|Tag\b)/u;

const abbreviations: Record<Language, Set<string>> = {
	en: words(
		'mr. mrs. ms. dr. prof. st. jr. sr. vs. e.g. i.e. nos. approx. inc. ltd. co. corp. fig. vol. dept. est. p.o.',
	),
	es: words(
		'sr. sra. sres. dr. dra. d. dña. ud. uds. vd. vds. pág. págs. art. núm. nº. n.º. ee. p.ej. ej. av. avda. c. tel. aprox. máx. mín. s.a. s.l. ee.uu. a.c. d.c. prof. fig. vol.',
	),
	fr: words(
		'm. mm. mme. mlle. dr. pr. env. av. p.ex. ex. art. n°. tél. max. min. fig. vol. st. ste. bd. s.a. j.-c. c.-à-d. cf. réf.',
	),
	de: words(
		'bzw. ca. z.b. d.h. u.a. usw. str. nr. dr. prof. hr. fr. abs. art. evtl. ggf. inkl. exkl. zzgl. max. min. mio. mrd. tel. u.u. o.ä. s.o. s.u. v.a. vgl. sog. bspw. st. geb. gest. jan. feb. aug. sept. okt. nov. dez. i.d.r. z.t. einschl. entspr. mind. sek. std. abb. bd. hl.',
	),
	pt: words(
		'sr. sra. srs. dr. dra. exmo. exma. ltda. p.ex. ex. art. nº. n.º. núm. pág. págs. tel. av. r. máx. mín. aprox. s.a. prof. profa. a.c. d.c. vol. fig.',
	),
};

function words(list: string): Set<string> {
	return new Set(list.split(' '));
}
