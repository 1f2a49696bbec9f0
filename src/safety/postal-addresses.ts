import { type Span, spansOf } from './span.ts';

/** Street addresses: a street's name with its number, alone where the kind of street is named, else with a postcode and town. */
export function findAddresses(text: string): Span[] {
	const sure = [numberFirst, typeFirst, german].flatMap(pattern => spansOf(text, pattern, 'ADDRESS'));
	// Without a word for street its beginning is a guess, so what names one goes before.
	const likely = spansOf(text, withPostcode, 'ADDRESS').filter(
		({ start, end }) => !sure.some(other => start < other.end && end > other.start),
	);
	return [...sure, ...likely];
}

// Every word is bounded and begins unlike what may follow it: customers' texts must not make these patterns backtrack.
const word = "\\p{Lu}[\\p{L}'’]{0,30}(?:[-/]\\p{L}[\\p{L}'’]{0,30}){0,3}(?![\\p{L}\\d])";
const particle = `(?:d[aeo]s?|del?|la|las|los|le|les|du|des|d[’']\\p{L}{1,30}|von|der|den|am|im|an|zu[mr]?|e|y|et|und)`;
const named = `(?:(?:St|Ste|Sta|Sto|Dra?|Av|Sra?|Gral|Prof|\\p{Lu})\\.|${word}|\\d{1,3}(?:st|nd|rd|th))`;
const name = `(?:${named}|${particle})`;
const postcode =
	'(?:\\d{4,5}(?:-\\d{3,4})?|\\p{Lu}{1,2}\\d[\\d\\p{Lu}]? ?\\d\\p{Lu}{2}|\\p{Lu}\\d\\p{Lu} ?\\d\\p{Lu}\\d)';
const town = `(?:St\\. ?)?${word}(?:(?: ${particle}){0,3} ${named}){0,4}`;
const number = '\\d{1,5}(?:(?:\\s?(?:bis|ter)|\\s?[a-z]|[A-Z])(?!\\p{L}))?';
/** After street and number: the flat, the postcode, the town, in whichever order the country writes them. */
const rest = `(?:,?\\s(?:${postcode}|(?:flat|apt\\.?|apartment|unit|suite|piso|puerta|app?t\\.?|étage|wohnung|apto\\.?|andar)\\s?[\\dº°ª.]+\\p{L}?|\\d{1,2}[ºª°]\\s?\\p{L}*|${town})){0,5}`;

const withPostcode = new RegExp(
	`(?<![\\p{L}\\p{N}])(?:${name}\\.?\\s){0,2}${word}(?:\\s${name}){0,6},?\\s${number}(?:[^\\n,.;]{0,12}),\\s${postcode}\\s${town}|(?<![\\p{L}\\p{N}])${number},?\\s(?:[\\p{L}'’.-]{1,30}\\s){1,6}[\\p{L}'’.-]{1,30},\\s(?:${postcode}\\s${town}|${town},?\\s(?:\\p{Lu}{2,3},?\\s)?${postcode})`,
	'gu',
);

const englishType =
	'(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|court|ct|boulevard|blvd|way|close|terrace|crescent|highway|hwy|square|sq|parkway|pkwy|circle|grove|gardens|row|mews|hill)';
const frenchType =
	'(?:rue|avenue|av|boulevard|bd|place|chemin|allée|allee|impasse|quai|route|cours|square|faubourg|passage|sentier|lotissement)';
const numberFirst = new RegExp(
	`(?<![\\p{L}\\p{N}.,-])${number},?\\s(?:(?:[\\p{Lu}\\d][\\p{L}\\d'’.-]{0,30}\\s){1,4}(?:${englishType}|${englishType.toUpperCase()}|\\p{Lu}[a-z]{1,12}(?<=${capitalised(englishType)}))(?!\\p{L})\\.?|(?:${frenchType}|${capitalised(frenchType)})(?:(?:\\s${particle}){0,3}\\s${named}){1,4})${rest}`,
	'gu',
);

const romanceType =
	'(?:calle|avenida|avda\\.?|av\\.?|plaza|pza\\.?|paseo|pº|camino|carretera|ctra\\.?|ronda|travesía|rua|r\\.|travessa|largo|praça|praceta|estrada|alameda|rodovia|rue|avenue|boulevard|place|chemin|rúa)';
const typeFirst = new RegExp(
	`(?<![\\p{L}\\p{N}])(?:[cC]/\\s?|(?:${romanceType}|${capitalised(romanceType)}|R|C)\\s)(?:${name}\\s){0,6}${name},?\\s(?:n[.º°]*\\s?)?${number}(?![\\p{L}\\d])${rest}`,
	'gu',
);

const german = new RegExp(
	`(?<![\\p{L}\\p{N}])(?:(?:Am|An|Auf|Im|In|Zum|Zur|Alte|Neue|Große|Kleine|Obere|Untere)\\s(?:der\\s|den\\s|dem\\s)?)?\\p{Lu}\\p{L}{0,30}(?:[ -]\\p{Lu}\\p{L}{0,30}){0,2}[ -]?(?:straße|strasse|str\\.?|weg|platz|allee|gasse|ring|damm|ufer|steig|chaussee|hof|Straße|Strasse|Weg|Platz|Allee|Gasse|Ring|Damm|Ufer)\\s${number}(?![\\p{L}\\d])${rest}`,
	'gu',
);

function capitalised(types: string): string {
	return types.replace(/(?<=[(|:])\p{Ll}/gu, letter => letter.toUpperCase());
}
