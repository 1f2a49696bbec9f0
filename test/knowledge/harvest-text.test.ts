import { describe, expect, it } from 'vitest';
import type { Author, Message } from '../../src/conversation.ts';
import { harvestText } from '../../src/knowledge/harvest-text.ts';
import { redact } from '../../src/safety/personal-data.ts';
import { stripMessage } from '../../src/triage/strip.ts';

let clock = 0;
const say = (author: Author, text: string, isPublic = true): Message => ({
	id: String(clock),
	externalId: String(clock),
	author,
	authorId: author,
	isPublic,
	text,
	writtenAt: new Date(++clock),
});
const harvest = (messages: Message[]) =>
	harvestText(messages, { name: 'Ana Prado', email: 'ana@example.com' }, 'en', { strip: stripMessage, redact });

describe('what is harvested from a solved ticket', () => {
	it('is the question and the agent’s answer, without greeting, signature and personal data', () => {
		const pair = harvest([
			say('customer', 'Hi there,\n\nDoes the Glow Mug fit a car cup holder? Write to ana@example.com.\n\nAna Prado'),
			say('agent', 'Dear Ana Prado,\n\nThe Glow Mug fits holders wider than 8.5 cm, Ana Prado.\n\nKind regards\nGrace'),
		]);
		expect(pair?.question).toContain('fit a car cup holder');
		expect(pair?.answer).toContain('fits holders wider than 8.5 cm');
		expect(JSON.stringify(pair)).not.toMatch(/ana@example|Ana Prado|regards|Grace|Dear/);
	});

	it('leaves out what the assistant said, and internal notes', () => {
		const pair = harvest([
			say('customer', 'Does it fit a cup holder?'),
			say('assistant', 'The mug holds 300 ml.'),
			say('agent', 'Note to self: call supplier', false),
			say('agent', 'It fits holders wider than 8.5 cm.'),
		]);
		expect(pair?.answer).toBe('It fits holders wider than 8.5 cm.');
	});

	it('is nothing where no agent answered', () => {
		expect(harvest([say('customer', 'Hello?'), say('assistant', 'Here is what we know.')])).toBeUndefined();
	});
});
