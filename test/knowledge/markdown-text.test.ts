import { describe, expect, test } from 'vitest';
import { htmlToMarkdown } from '../../src/knowledge/html-markdown.ts';
import { markdownSections } from '../../src/knowledge/markdown-text.ts';

describe('markdownSections', () => {
	test('headings nest, and a heading of the same depth takes the place of the last', () => {
		const sections = markdownSections('# A\n\none\n\n## B\n\ntwo\n\n## C\n\nthree\n\n# D\n\nfour');
		expect(sections.map(({ headings }) => headings)).toEqual([['A'], ['A', 'B'], ['A', 'C'], ['D']]);
	});

	test('list items keep their marks and nesting, table rows name their columns', () => {
		const [section] = markdownSections(
			'3. Open **it**\n4. Wait\n   - short\n\n| Plan | Fee |\n|---|---|\n| Pro | 10 € |\n| Free | |',
		);
		expect(section?.blocks).toEqual([
			{ kind: 'list', lines: ['3. Open it', '4. Wait', '  - short'] },
			{ kind: 'table', lines: ['Plan: Pro; Fee: 10 €', 'Plan: Free'] },
		]);
	});

	test('links keep their target where it is on the web, and their text alone where it is not', () => {
		const [section] = markdownSections(
			'See [portal](https://x.example/a_b), [top](#top), <https://y.example> & `code` ![img](https://z.example/i.png)',
		);
		expect(section?.blocks[0]?.lines).toEqual(['See portal (https://x.example/a_b), top, https://y.example & code']);
	});

	test('a soft line break is a space, a hard one a new line', () => {
		expect(markdownSections('one\ntwo  \nthree')[0]?.blocks[0]?.lines).toEqual(['one two', 'three']);
	});
});

describe('htmlToMarkdown', () => {
	const page = `<html><head><title>T</title><style>p{color:red}</style></head><body><nav>Menu</nav><main>
		<h1>Devolución</h1><p>Hola&nbsp;<b>Ana</b>: 5 * 3 &lt;tag&gt; <a href="https://x.example/?a=1&amp;b=2">portal</a></p>
		<h2>Pasos</h2><ol><li>uno</li><li>dos</li></ol>
		<table><tr><th>Plan</th><th>Precio</th></tr><tr><td><p>Pro</p></td><td>10&euro;</td></tr></table>
		<script>alert(1)</script></main><footer>Foot</footer></body></html>`;

	test('a page becomes sections of readable text without menus, scripts and styles', () => {
		expect(markdownSections(htmlToMarkdown(page))).toEqual([
			{
				headings: ['Devolución'],
				blocks: [{ kind: 'paragraph', lines: ['Hola Ana: 5 * 3 <tag> portal (https://x.example/?a=1&b=2)'] }],
			},
			{
				headings: ['Devolución', 'Pasos'],
				blocks: [
					{ kind: 'list', lines: ['1. uno', '2. dos'] },
					{ kind: 'table', lines: ['Plan: Pro; Precio: 10€'] },
				],
			},
		]);
	});

	test('HTML inside Markdown is read too', () => {
		expect(
			markdownSections('before\n\n<div><p>raw <b>html</b></p></div>')[0]?.blocks.flatMap(({ lines }) => lines),
		).toEqual(['before', 'raw html']);
	});
});
