import { anyCase } from './any-case.ts';
import { type Span, spansOf } from './span.ts';

/** What the helpdesk already knows of the requester. */
export interface KnownPerson {
	name?: string | undefined;
	email?: string | undefined;
	phone?: string | undefined;
}

/**
 * Names where the text says that they are: after "my name is" and its like, after a title, below a closing. A name without
 * such a sign is not found; no rule can, and none here claims to.
 */
export function findNames(text: string): Span[] {
	return [
		...spansOf(text, introduced, 'NAME'),
		...spansOf(text, presented, 'NAME'),
		...spansOf(text, titled, 'NAME'),
		...spansOf(
			text,
			signed,
			'NAME',
			found => !/^(?:The|Das|Der|Die|El|La|Le|Les|O|A|Team|Equipo|Équipe|Equipe)\b/u.test(found),
		),
	];
}

/** Everything of the requester that stands in the text: name and each part of it, e-mail address, telephone number. */
export function findKnown(text: string, { name, email, phone }: KnownPerson): Span[] {
	const spans: Span[] = [];
	if (email && email.length > 3) spans.push(...spansOf(text, exactly(literally(email)), 'EMAIL'));
	const digits = phone?.replace(/\D/gu, '') ?? '';
	if (digits.length >= 7) {
		// The last seven or more digits, however they are grouped and whichever prefix they carry.
		const local = [...digits.slice(-Math.max(7, digits.length - 3))].join('[ ().\\/-]{0,3}');
		const pattern = `(?<!\\d)(?:[+(]{0,2}\\d[\\d ()./-]{0,8})?${local}(?!\\d)`;
		spans.push(...spansOf(text, new RegExp(pattern, 'gu'), 'PHONE'));
	}
	const whole = name?.trim();
	if (whole && whole.length > 1) {
		spans.push(...spansOf(text, exactly(literally(whole).replace(/\s+/gu, '\\s+')), 'NAME'));
		// A part alone counts only as a name is written: "Will" is hidden, "will" is not.
		for (const part of whole.split(/[\s.]+/u).filter(({ length }) => length > 2)) {
			const capital = part.charAt(0).toUpperCase() + part.slice(1);
			const pattern = new RegExp(
				`(?<![\\p{L}\\p{N}])(?:${literally(capital)}|${literally(part.toUpperCase())})(?![\\p{L}\\p{N}])`,
				'gu',
			);
			spans.push(...spansOf(text, pattern, 'NAME'));
		}
	}
	return spans;
}

const capitalised = "\\p{Lu}(?:[\\p{L}'’.-]{0,30}\\p{L})";
const particle =
	'(?:d[aeiou]s?|del|della|van(?: de[rn]?)?|von(?: de[rm])?|zu[mr]?|te[nr]?|op|af|der|den|di|la|le|el|al|bin|y|e)';
const person = `${capitalised}(?:\\s{1,2}(?:${particle}\\s){0,2}(?:${capitalised}|\\p{Lu}\\.?)){0,4}`;
const fullName = `${capitalised}(?:\\s{1,2}(?:${particle}\\s){0,2}(?:${capitalised}|\\p{Lu}\\.)){1,4}`;

const introduced = new RegExp(
	`(?<!\\p{L})(?:${anyCase(`my name is|my name's|name:|account holder:?|cardholder:?|me llamo|mi nombre es|nombre:|titular(?: es)?:?|je m['’]appelle|mon nom est|nom ?:|titulaire ?:?|ich hei(?:ß|ss)e|(?:mein )?name ist|kontoinhaber(?:in)?:?|karteninhaber(?:in)?:?|(?:o )?meu nome é|chamo-me|me chamo|nome:`)})\\s(${person})`,
	'gu',
);
/** "I'm Sorry" is no name, "I'm Ana Souza" is: these words need two capitals after them. */
const presented = new RegExp(
	`(?<!\\p{L})(?:${anyCase(`i am|i['’]m|this is|soy|je suis|c['’]est|ich bin|sou(?: [oa])?|aqui é(?: [oa])?|hier ist|hier spricht`)})\\s(${fullName})`,
	'gu',
);

const titled = new RegExp(
	`(?<![\\p{L}])(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sr|Sra|Srta|Dña|Don|Doña|M|Mme|Mlle|Monsieur|Madame|Herrn?|Frau|Senhora?|Dona|Exm[oa])\\.?\\s(?:Dr\\.\\s|Prof\\.\\s)?(${person})`,
	'gu',
);

const closing =
	"(?:kind |best |warm |many )?(?:regards|wishes)|many thanks|thanks(?: a lot| again| in advance)?|thank you|cheers|sincerely|yours(?: \\p{L}+)?|best|(?:un )?(?:cordial )?saludos?(?: cordiales)?|(?:muchas )?gracias|atentamente|(?:bien )?cordialement|bien à vous|merci(?: d['’]avance| beaucoup)?|salutations|(?:mit )?(?:freundlichen|besten|lieben|vielen|schönen) grü(?:ß|ss)en|(?:freundliche|beste|liebe|viele|schöne) grü(?:ß|ss)e|(?:vielen )?dank|danke|gru(?:ß|ss)|mfg|lg|vg|atenciosamente|(?:muito )?obrigad[oa]|(?:melhores )?cumprimentos|abraços?";
// A message may stand quoted in an error, in quotation marks or with its line breaks escaped.
const signed = new RegExp(
	`(?<!\\p{L})(?:${anyCase(closing)})[,.!]?(?:\\s|\\\\n)+(${person})\\s*(?=$|\\n|[,.(|"'”’»\\\\])`,
	'gmu',
);

function exactly(pattern: string): RegExp {
	return new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, 'giu');
}

function literally(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
}
