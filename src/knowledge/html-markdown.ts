import { compile } from 'html-to-text';

/** The Markdown of a page's readable content: headings, paragraphs, lists, tables, links; scripts, menus and images are left out. */
export function htmlToMarkdown(html: string): string {
	return convert(html)
		.replace(/\u00a0/gu, ' ')
		.replace(/[ \t]+$/gmu, '')
		.replace(/\n{3,}/gu, '\n\n')
		.trim();
}

const heading = (depth: number) => ({ selector: `h${depth}`, format: 'markdownHeading', options: { depth } });
const skipped = ['script', 'style', 'nav', 'footer', 'aside', 'img', 'svg', 'form', 'button', 'noscript', 'head'];

const convert = compile({
	wordwrap: false,
	limits: { maxInputLength: 2 ** 24, maxDepth: 200 },
	baseElements: { selectors: ['main', 'article', 'body'], returnDomByDefault: true },
	// What Markdown would read as its own marks must come back as the text it was.
	encodeCharacters: { '\\': '\\\\', '*': '\\*', '`': '\\`', '<': '\\<', '[': '\\[', '|': '\\|' },
	selectors: [
		...[1, 2, 3, 4, 5, 6].map(heading),
		...skipped.map(selector => ({ selector, format: 'skip' })),
		{ selector: 'a', format: 'markdownLink' },
		{ selector: 'ul', format: 'unorderedList', options: { itemPrefix: '- ' } },
		{ selector: 'table', format: 'markdownTable' },
		{ selector: 'pre', format: 'markdownFence' },
		{ selector: 'blockquote', format: 'block' },
	],
	formatters: {
		markdownHeading(element, walk, builder, options) {
			builder.openBlock({ leadingLineBreaks: 2 });
			builder.addLiteral(`${'#'.repeat(Number(options.depth))} `);
			walk(element.children, builder);
			builder.closeBlock({ trailingLineBreaks: 2, blockTransform: text => text.replace(/\s*\n\s*/gu, ' ') });
		},
		markdownLink(element, walk, builder) {
			const href = element.attribs?.href ?? '';
			if (!/^(?:https?|mailto|tel):/iu.test(href)) return walk(element.children, builder);
			builder.addLiteral('[');
			walk(element.children, builder);
			builder.addLiteral(`](<${href.replace(/[<>\s]/gu, encodeURIComponent)}>)`);
		},
		markdownFence(element, walk, builder) {
			builder.openBlock({ leadingLineBreaks: 2, isPre: true });
			walk(element.children, builder);
			builder.closeBlock({
				trailingLineBreaks: 2,
				blockTransform: text => `\`\`\`\n${text.replace(/\\([\\*`<[|])/gu, '$1')}\n\`\`\``,
			});
		},
		markdownTable(element, walk, builder) {
			const rows = findAll(element, 'tr').map(row =>
				(row.children ?? []).filter(({ name }) => name === 'td' || name === 'th'),
			);
			builder.openBlock({ leadingLineBreaks: 2 });
			// A table of one column lays out a page; it holds no data.
			if (Math.max(0, ...rows.map(cells => cells.length)) < 2) {
				walk(element.children, builder);
			} else {
				for (const [index, cells] of rows.entries()) {
					if (index > 0) builder.addLineBreak();
					builder.addLiteral('| ');
					for (const cell of cells) {
						walk(cell.children?.flatMap(inlineOnly), builder);
						builder.addLiteral(' | ');
					}
					if (index > 0) continue;
					builder.addLineBreak();
					builder.addLiteral(`|${' --- |'.repeat(cells.length)}`);
				}
			}
			builder.closeBlock({ trailingLineBreaks: 2 });
		},
	},
});

type Element = { name?: string; type?: string; data?: string; attribs?: Record<string, string>; children?: Element[] };

function findAll(element: Element, name: string): Element[] {
	return (element.children ?? []).flatMap(child => (child.name === name ? [child] : findAll(child, name)));
}

/** A table cell must stay on one line: its blocks are opened. */
function inlineOnly(element: Element): Element[] {
	if (!/^(?:p|div|ul|ol|li|br|h[1-6]|section|pre)$/u.test(element.name ?? '')) return [element];
	return [...(element.children ?? []).flatMap(inlineOnly), { type: 'text', data: ' ' }];
}
