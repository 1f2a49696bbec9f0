import type { Language } from '../language.ts';
import { splitSentences } from '../sentences.ts';
import type { Article, Passage } from './article.ts';
import { type Block, markdownSections, type Section } from './markdown-text.ts';

/** Words a passage aims at; beyond `mostWords` a section is cut into even parts, below `fewWords` it joins a neighbour. */
const mostWords = 220;
const fewWords = 25;
const mostListWords = 160;

/**
 * The article's passages in order, cut at headings and sentences. No sentence is split, a list stays with the line that
 * leads into it, a very short section joins its neighbour with its heading as a line of its own. Empty for an empty body.
 */
export function chunkArticle(article: Article): Passage[] {
	const { id, language, title, category, audience, url } = article;
	const parts = joinSmall(markdownSections(article.body).map(section => dropTitle(section, title))).flatMap(section =>
		cut(section, language),
	);
	return parts.map(({ headings, text }, index) => ({
		id: `${id}#${index + 1}`,
		articleId: id,
		language,
		title,
		headings,
		text,
		category,
		audience,
		url,
	}));
}

/** Most articles repeat their title as the first heading. */
function dropTitle(section: Section, title: string): Section {
	const [first, ...rest] = section.headings;
	return first?.trim().toLowerCase() === title.trim().toLowerCase() ? { ...section, headings: rest } : section;
}

function joinSmall(sections: Section[]): Section[] {
	const joined: Section[] = [];
	for (const section of sections) {
		const previous = joined.at(-1);
		const size = wordsIn(section.blocks);
		const before = previous ? wordsIn(previous.blocks) : 0;
		if (!previous || Math.min(size, before) >= fewWords || size + before > mostWords) {
			joined.push(section);
			continue;
		}
		const shared = sharedPath(previous.headings, section.headings);
		// A section under its parent's introduction keeps the parent's place; siblings keep what they share.
		joined[joined.length - 1] = {
			headings: shared,
			blocks: [...withHeading(previous, shared.length), ...withHeading(section, shared.length)],
		};
	}
	return joined;
}

function sharedPath(one: string[], other: string[]): string[] {
	const end = one.findIndex((heading, index) => heading !== other[index]);
	return end === -1 ? one : one.slice(0, end);
}

function withHeading({ headings, blocks }: Section, depth: number): Block[] {
	const lost = headings.slice(depth);
	return lost.length ? [{ kind: 'paragraph', lines: [lost.join(' – ')] }, ...blocks] : blocks;
}

/** What must stay whole: a sentence, a list with its lead-in, or of a very long list one item. */
interface Piece {
	text: string;
	words: number;
	/** What stands between this piece and the one before. */
	joint: ' ' | '\n';
}

function cut({ headings, blocks }: Section, language: Language): { headings: string[]; text: string }[] {
	const pieces = piecesOf(blocks, language);
	const total = pieces.reduce((sum, { words }) => sum + words, 0);
	const share = total / Math.max(1, Math.ceil(total / mostWords));
	const parts: { headings: string[]; text: string }[] = [];
	let text = '';
	let words = 0;
	for (const piece of pieces) {
		const isFull = words > 0 && (words >= share || words + piece.words > mostWords);
		if (isFull) {
			parts.push({ headings, text });
			text = '';
			words = 0;
		}
		text += (text && piece.joint) + piece.text;
		words += piece.words;
	}
	if (text) parts.push({ headings, text });
	return parts;
}

function piecesOf(blocks: Block[], language: Language): Piece[] {
	const pieces: Piece[] = [];
	for (const block of blocks) {
		const leadIn = block.kind === 'list' && pieces.at(-1)?.text.endsWith(':') ? pieces.pop() : undefined;
		for (const [index, [text, joint]] of textsOf(block, language).entries()) {
			const whole = index === 0 && leadIn ? `${leadIn.text}\n${text}` : text;
			pieces.push({ text: whole, words: countWords(whole), joint: index === 0 && leadIn ? leadIn.joint : joint });
		}
	}
	return pieces;
}

function textsOf({ kind, lines }: Block, language: Language): [text: string, joint: Piece['joint']][] {
	if (kind === 'list' && lines.reduce((sum, line) => sum + countWords(line), 0) <= mostListWords) {
		return [[lines.join('\n'), '\n']];
	}
	if (kind !== 'paragraph') return lines.map(line => [line, '\n']);
	return lines.flatMap(line =>
		splitSentences(line, language).map((text, index): [string, Piece['joint']] => [text, index > 0 ? ' ' : '\n']),
	);
}

function wordsIn(blocks: Block[]): number {
	return blocks.reduce((sum, { lines }) => sum + lines.reduce((inner, line) => inner + countWords(line), 0), 0);
}

function countWords(text: string): number {
	return text.match(/\S+/gu)?.length ?? 0;
}
