// Of a regular expression the words without which it cannot match, read from its source. Only what is certain is said: where
// the syntax is unknown, nothing is needed.

/** One of these stands in every match, in lower case; undefined where nothing is known to be needed. */
export type NeededLiterals = readonly string[] | undefined;

/** @param source of a regular expression with the flag `u`. */
export function neededLiterals(source: string): NeededLiterals {
	if (otherSyntax.test(source)) return undefined;
	const reader = { source, position: 0 };
	const needed = readAlternatives(reader);
	return reader.position === source.length ? needed : undefined;
}

/** Characters by their numbers, named groups, flags in groups and references back. */
const otherSyntax = /\\[ukxc\d]|\(\?(?!:|<?[=!])/u;

interface SourceReader {
	source: string;
	position: number;
}

function readAlternatives(reader: SourceReader): NeededLiterals {
	let needed: NeededLiterals = readSequence(reader);
	while (reader.source[reader.position] === '|') {
		reader.position++;
		const other = readSequence(reader);
		needed = needed && other && [...needed, ...other];
	}
	return needed;
}

/** Up to the `|` or `)` that ends it. Of what stands in a sequence all is needed: the longest is kept. */
function readSequence(reader: SourceReader): NeededLiterals {
	let best: NeededLiterals;
	let run = '';
	const consider = (needed: NeededLiterals) => {
		if (needed && shortest(needed) > shortest(best)) best = needed;
	};
	const endRun = () => {
		consider(run ? [run] : undefined);
		run = '';
	};
	while (reader.position < reader.source.length && !'|)'.includes(reader.source[reader.position] as string)) {
		const item = readItem(reader);
		const quantifier = readQuantifier(reader);
		if (typeof item === 'string' && quantifier === '') {
			run += item;
			continue;
		}
		endRun();
		if (isOptional(quantifier)) continue;
		consider(typeof item === 'string' ? [item] : item);
	}
	endRun();
	return best;
}

function shortest(needed: NeededLiterals): number {
	return needed ? Math.min(...needed.map(({ length }) => length)) : 0;
}

/** A character that stands for itself, or what a group needs. */
function readItem(reader: SourceReader): string | NeededLiterals {
	const rest = reader.source.slice(reader.position);
	const [written = rest] = /^(?:\(\?(?:<?[=!]|:)|\(|\\p\{[^}]*\}|\\.|\[(?:\\.|[^\]\\])*\]|.)/iu.exec(rest) ?? [];
	reader.position += written.length;
	if (written.startsWith('(')) {
		const inside = readAlternatives(reader);
		reader.position++;
		// What looks around need not stand in the match itself.
		return written === '(?:' || written === '(' ? inside : undefined;
	}
	if (written.startsWith('[')) {
		const [only, ...others] = new Set(written.slice(1, -1).toLowerCase());
		return others.length === 0 && only !== undefined && /[\p{L} ]/u.test(only) ? only : undefined;
	}
	return /^[^.^$*+?{}()[\]\\|]$/u.test(written) ? written.toLowerCase() : undefined;
}

function readQuantifier(reader: SourceReader): string {
	const [quantifier = ''] = /^(?:[?*+]|\{\d+(?:,\d*)?\})\??/u.exec(reader.source.slice(reader.position)) ?? [];
	reader.position += quantifier.length;
	return quantifier;
}

function isOptional(quantifier: string): boolean {
	return /^(?:[?*]|\{0)/u.test(quantifier);
}
