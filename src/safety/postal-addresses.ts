import { type Span, spansOf } from './span.ts';

/** Street addresses: a street's name with its number, alone where the kind of street is named, else with a postcode and town. */
export function findAddresses(text: string): Span[] {
	return [
		...spansOf(text, withPostcode, 'ADDRESS'),
		...spansOf(text, numberFirst, 'ADDRESS'),
		...spansOf(text, typeFirst, 'ADDRESS'),
		...spansOf(text, german, 'ADDRESS'),
	];
}

const name =
	"(?:(?:St|Ste|Sta|Sto|Dra?|Av|Sra?|Gral|Prof|\\p{Lu})\\.|\\p{Lu}[\\p{L}'’-]*|\\d{1,3}(?:st|nd|rd|th)|d[aeo]s?|del?|la|las|los|le|les|du|des|d[’']\\p{L}+|von|der|den|am|im|an|zu[mr]?|e|y|et|und|s/n)";
const postcode =
	'(?:\\d{4,5}(?:-\\d{3,4})?|\\p{Lu}{1,2}\\d[\\d\\p{Lu}]? ?\\d\\p{Lu}{2}|\\p{Lu}\\d\\p{Lu} ?\\d\\p{Lu}\\d)';
const town = `(?:St\\. ?)?\\p{Lu}[\\p{L}'’-]+(?:[ -]${name}){0,6}`;
const number = '\\d{1,5}(?:\\s?(?:bis|ter|[a-z])(?!\\p{L}))?';
/** After street and number: the flat, the postcode, the town, in whichever order the country writes them. */
const rest = `(?:,?\\s(?:${postcode}|(?:flat|apt\\.?|apartment|unit|suite|piso|puerta|app?t\\.?|étage|wohnung|apto\\.?|andar)\\s?[\\dº°ª.]+\\p{L}?|\\d{1,2}[ºª°]\\s?\\p{L}*|${town})){0,5}`;

const withPostcode = new RegExp(
	`(?<![\\p{L}\\p{N}])(?:${name}\\.?\\s){0,2}\\p{Lu}[\\p{L}'’./-]*(?:\\s${name}){0,6},?\\s${number}(?:[^\\n,.;]{0,12}),\\s${postcode}\\s${town}|(?<![\\p{L}\\p{N}])${number},?\\s(?:[\\p{L}'’.-]+\\s){1,6}[\\p{L}'’.-]+,\\s(?:${postcode}\\s${town}|${town},?\\s(?:\\p{Lu}{2,3},?\\s)?${postcode})`,
	'gu',
);

const englishType =
	'(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|court|ct|boulevard|blvd|way|close|terrace|crescent|highway|hwy|square|sq|parkway|pkwy|circle|grove|gardens|row|mews|hill)';
const frenchType =
	'(?:rue|avenue|av|boulevard|bd|place|chemin|allée|allee|impasse|quai|route|cours|square|faubourg|passage|sentier|lotissement)';
const numberFirst = new RegExp(
	`(?<![\\p{L}\\p{N}.,-])${number},?\\s(?:(?:[\\p{Lu}\\d][\\p{L}\\d'’.-]*\\s){1,4}(?:${englishType}|${englishType.toUpperCase()}|\\p{Lu}[a-z]+(?<=${capitalised(englishType)}))(?!\\p{L})\\.?|(?:${frenchType}|${capitalised(frenchType)})\\s(?:${name}\\s?){1,6})${rest}`,
	'gu',
);

const romanceType =
	'(?:calle|avenida|avda\\.?|av\\.?|plaza|pza\\.?|paseo|pº|camino|carretera|ctra\\.?|ronda|travesía|rua|r\\.|travessa|largo|praça|praceta|estrada|alameda|rodovia|rue|avenue|boulevard|place|chemin|rúa)';
const typeFirst = new RegExp(
	`(?<![\\p{L}\\p{N}])(?:[cC]/\\s?|(?:${romanceType}|${capitalised(romanceType)}|R|C)\\s)(?:${name}\\s){0,6}${name},?\\s(?:n[.º°]*\\s?)?${number}(?![\\p{L}\\d])${rest}`,
	'gu',
);

const german = new RegExp(
	`(?<![\\p{L}\\p{N}])(?:(?:Am|An|Auf|Im|In|Zum|Zur|Alte|Neue|Große|Kleine|Obere|Untere)\\s(?:der\\s|den\\s|dem\\s)?)?\\p{Lu}[\\p{L}-]*(?:[ -]\\p{Lu}[\\p{L}-]*){0,2}[ -]?(?:straße|strasse|str\\.?|weg|platz|allee|gasse|ring|damm|ufer|steig|chaussee|hof|Straße|Strasse|Weg|Platz|Allee|Gasse|Ring|Damm|Ufer)\\s${number}(?![\\p{L}\\d])${rest}`,
	'gu',
);

function capitalised(types: string): string {
	return types.replace(/(?<=[(|:])\p{Ll}/gu, letter => letter.toUpperCase());
}
