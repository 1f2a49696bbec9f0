/** How many of a text's characters are letters, and how many of those capitals; one pass, no array of matches. */
export function countLetters(text: string): { letters: number; capitals: number } {
	let letters = 0;
	let capitals = 0;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		let kind = kinds[code] as number;
		if (kind === unknown) {
			const character = String.fromCodePoint(text.codePointAt(at) as number);
			kind = kindOf(character);
			if (character.length === 2) at++;
			const isHalf = (code & 0xf800) === 0xd800;
			if (!isHalf) kinds[code] = kind;
		}
		if (kind === other) continue;
		letters++;
		if (kind === capital) capitals++;
	}
	return { letters, capitals };
}

const unknown = 0;
const other = 1;
const letter = 2;
const capital = 3;

/** Of each character of the first plane that was met. Halves of others stay unknown. */
const kinds = new Uint8Array(2 ** 16);

function kindOf(character: string): number {
	if (!/\p{L}/u.test(character)) return other;
	return /\p{Lu}/u.test(character) ? capital : letter;
}
