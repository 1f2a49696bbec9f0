import { describe, expect, test } from 'vitest';
import { chunkArticle } from '../../src/knowledge/chunk.ts';
import { splitSentences } from '../../src/sentences.ts';
import { article } from './fixtures.ts';

const sentence = (name: string, words: number) =>
	`${name} ${Array.from({ length: words - 2 }, (_, index) => `w${index}`).join(' ')} end.`;

describe('chunkArticle', () => {
	test('sections become passages with their headings, ids count from one, the title is not a heading', () => {
		const body = `# Returns\n\n${sentence('Intro', 60)}\n\n## Fees\n\n${sentence('Fees', 60)}\n\n### Europe\n\n${sentence('Europe', 60)}`;
		const passages = chunkArticle(
			article({ id: 'a', title: 'Returns', body, category: 'returns', url: 'https://x.example/a' }),
		);
		expect(passages.map(({ id, headings }) => [id, headings])).toEqual([
			['a#1', []],
			['a#2', ['Fees']],
			['a#3', ['Fees', 'Europe']],
		]);
		expect(passages[1]).toMatchObject({
			articleId: 'a',
			title: 'Returns',
			category: 'returns',
			url: 'https://x.example/a',
		});
	});

	test('a long section is cut evenly between sentences, none of which is split or lost', () => {
		const sentences = Array.from({ length: 30 }, (_, index) => sentence(`S${index}`, 17));
		const passages = chunkArticle(article({ id: 'a', body: sentences.join(' ') }));
		expect(passages.flatMap(({ text }) => splitSentences(text, 'en'))).toEqual(sentences);
		for (const { text } of passages) {
			expect(text.split(/\s+/u).length).toBeGreaterThan(100);
			expect(text.split(/\s+/u).length).toBeLessThanOrEqual(220);
		}
	});

	test('a list stays whole with the line that leads into it, even where that moves the cut', () => {
		const steps = Array.from({ length: 6 }, (_, index) => `${index + 1}. ${sentence('Do', 14)}`).join('\n');
		const body = `${sentence('First', 60)} ${sentence('Second', 70)} Follow these steps:\n\n${steps}\n\n${sentence('Last', 40)}`;
		const withSteps = chunkArticle(article({ id: 'a', body })).filter(({ text }) => /\d\. Do/u.test(text));
		expect(withSteps).toHaveLength(1);
		expect(withSteps[0]?.text).toContain('Follow these steps:\n1. Do');
		expect(withSteps[0]?.text).toContain('6. Do');
	});

	test('very short sections join, their headings kept as lines', () => {
		const body = '## Can I pay by card?\n\nYes.\n\n## Can I pay by invoice?\n\nOnly companies can.';
		expect(chunkArticle(article({ id: 'a', body })).map(({ text }) => text)).toEqual([
			'Can I pay by card?\nYes.\nCan I pay by invoice?\nOnly companies can.',
		]);
	});

	test('an article without text has no passages', () => {
		expect(chunkArticle(article({ id: 'a', body: '\n\n# Only a heading\n' }))).toEqual([]);
	});
});
