import { lexer, type Token, type Tokens } from 'marked';
import { htmlToMarkdown } from './html-markdown.ts';

/** What stands under one heading, as plain text. */
export interface Section {
	/** The headings above, outermost first; empty before the first heading. */
	headings: string[];
	blocks: Block[];
}

export interface Block {
	kind: 'paragraph' | 'list' | 'table' | 'code';
	/** A paragraph's lines, a list's items with their marks, a table's rows as `column: cell`, a code block's lines. */
	lines: string[];
}

/** Markdown (with HTML in it, or none) as sections of plain text. Link targets on the web are kept in brackets. */
export function markdownSections(markdown: string): Section[] {
	const sections: Section[] = [];
	let path: { depth: number; text: string }[] = [];
	let section: Section = { headings: [], blocks: [] };
	const close = () => {
		if (section.blocks.length) sections.push(section);
	};
	const read = (tokens: Token[]) => {
		for (const token of tokens) {
			if (token.type === 'heading') {
				close();
				path = [
					...path.filter(({ depth }) => depth < token.depth),
					{ depth: token.depth, text: oneLine(token.tokens ?? []) },
				];
				section = { headings: path.map(({ text }) => text), blocks: [] };
			} else if (token.type === 'blockquote') {
				read(token.tokens ?? []);
			} else if (token.type === 'html') {
				const inner = htmlToMarkdown(token.raw);
				if (inner && inner !== token.raw.trim()) read(lexer(inner));
			} else {
				const block = blockOf(token);
				if (block?.lines.length) section.blocks.push(block);
			}
		}
	};
	read(lexer(markdown));
	close();
	return sections;
}

function blockOf(token: Token): Block | undefined {
	switch (token.type) {
		case 'paragraph':
		case 'text':
			return { kind: 'paragraph', lines: linesOf(inlineText(('tokens' in token && token.tokens) || [token])) };
		case 'list':
			return { kind: 'list', lines: listLines(token as Tokens.List, '') };
		case 'table':
			return { kind: 'table', lines: tableLines(token as Tokens.Table) };
		case 'code':
			return { kind: 'code', lines: (token as Tokens.Code).text.split('\n').filter(line => line.trim()) };
		default:
			return undefined;
	}
}

function listLines(list: Tokens.List, indent: string): string[] {
	const first = list.start || 1;
	return list.items.flatMap((item, index) => {
		const mark = list.ordered ? `${first + index}.` : '-';
		const lines: string[] = [];
		for (const token of item.tokens) {
			if (token.type === 'list') lines.push(...listLines(token as Tokens.List, `${indent}  `));
			else if (token.type === 'checkbox') continue;
			else if (lines.length && blockOf(token)?.kind === 'paragraph') {
				// A second paragraph of an item goes on where the first ended.
				const more = blockOf(token)?.lines.join(' ');
				if (more) lines.push(`${indent}  ${more}`);
			} else {
				const text = blockOf(token)?.lines.join(' ');
				if (text) lines.push(`${indent}${mark} ${text}`);
			}
		}
		return lines;
	});
}

/** "Plan: Pro; Price: 10 €": a row that can be read, found and quoted without the rest of its table. */
function tableLines(table: Tokens.Table): string[] {
	const columns = table.header.map(cell => oneLine(cell.tokens));
	return table.rows.map(row =>
		row
			.map((cell, index) => [columns[index], oneLine(cell.tokens)])
			.filter(([, text]) => text)
			.map(labelled => labelled.filter(Boolean).join(': '))
			.join('; '),
	);
}

function oneLine(tokens: Token[]): string {
	return inlineText(tokens).replace(/\s+/gu, ' ').trim();
}

/** A single line break inside a paragraph is a space, as Markdown has it; a hard one stays. */
function linesOf(text: string): string[] {
	return text
		.split('\u2028')
		.map(line => line.replace(/\s+/gu, ' ').trim())
		.filter(Boolean);
}

function inlineText(tokens: Token[]): string {
	return tokens.map(inlineToken).join('');
}

function inlineToken(token: Token): string {
	switch (token.type) {
		case 'br':
			return '\u2028';
		case 'html':
			return /^<br/iu.test(token.raw) ? '\u2028' : '';
		case 'image':
		case 'checkbox':
			return '';
		case 'link': {
			const label = oneLine(token.tokens ?? []);
			const target = String(token.href).replace(/^(?:mailto|tel):/iu, '');
			if (!/^(?:https?|mailto|tel):/iu.test(token.href) || label === target || label === '') return label || target;
			return `${label} (${target})`;
		}
		case 'codespan':
			return token.text;
		default:
			return 'tokens' in token && token.tokens ? inlineText(token.tokens) : decode('text' in token ? token.text : '');
	}
}

/** Character references that authors write in Markdown by hand. */
function decode(text: string): string {
	return text.replace(/&(?:#(\d{1,6})|#x([\da-f]{1,6})|(\w+));/giu, (whole, decimal, hex, name) => {
		const code = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : undefined;
		if (code !== undefined) return code > 31 && code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
		return named[name.toLowerCase()] ?? whole;
	});
}

const named: Record<string, string> = {
	amp: '&',
	lt: '<',
	gt: '>',
	quot: '"',
	apos: "'",
	nbsp: ' ',
	euro: '€',
	pound: '£',
	copy: '©',
	hellip: '…',
	ndash: '–',
	mdash: '—',
	rarr: '→',
};
