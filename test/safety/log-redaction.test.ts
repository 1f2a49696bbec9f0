import { Writable } from 'node:stream';
import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { logOptions, redactLogFields } from '../../src/safety/log-redaction.ts';

function logged(write: (log: pino.Logger) => void): { line: string; fields: Record<string, unknown> } {
	let line = '';
	const stream = new Writable({
		write(chunk, _, done) {
			line += chunk;
			done();
		},
	});
	write(pino(logOptions, stream));
	return { line, fields: JSON.parse(line) };
}

describe('logOptions', () => {
	test('hides personal data in fields, messages and interpolated values', () => {
		const { line, fields } = logged(log =>
			log.info({ turn: 7, detail: { notes: ['from ann@x.example'] } }, 'call %s on %s', 'Ann', '+1 415 555 2671'),
		);
		expect(fields).toMatchObject({ turn: 7, detail: { notes: ['from [EMAIL]'] }, msg: 'call Ann on [PHONE]' });
		expect(line).not.toContain('ann@x.example');
	});

	test('errors keep type, message and cause without what is personal in them', () => {
		const error = new TypeError('no user ann@x.example', { cause: new Error('card 4111 1111 1111 1111') });
		for (const { line, fields } of [
			logged(log => log.error(error)),
			logged(log => log.error({ err: error }, 'failed')),
			logged(log => log.error({ error }, 'failed')),
		]) {
			expect(line).not.toMatch(/ann@x|4111/u);
			expect(fields.err ?? fields.error).toMatchObject({
				type: 'TypeError',
				message: 'no user [EMAIL]',
				cause: { message: 'card [CARD]' },
			});
		}
	});

	test('a row or a message that an error quotes is hidden with the names in it', () => {
		const refused = Object.assign(new Error('new row violates check constraint "messages_text_check"'), {
			detail: 'Failing row contains (7, Ana Prado).',
			params: ['Ana Prado'],
			constraint: 'messages_text_check',
		});
		const quoting = [
			new Error('cannot send "It broke. Regards,\nAna Prado"'),
			new Error('cannot send {"body":"It broke. Regards,\\nAna Prado"}'),
		];
		for (const err of [refused, ...quoting]) {
			expect(logged(log => log.error({ err }, 'failed')).line).not.toContain('Prado');
		}
		expect(redactLogFields({ err: refused }).err).toMatchObject({ constraint: 'messages_text_check' });
	});

	test('a child logger’s lines are redacted too', () => {
		expect(logged(log => log.child({ job: 'respond' }).warn({ email: 'a@x.example' }, 'late')).fields).toMatchObject({
			job: 'respond',
			email: '[REDACTED]',
		});
	});
});

describe('redactLogFields', () => {
	test('telling keys hide their value whole, however they are spelled and deep they are', () => {
		const fields = {
			Authorization: 'x',
			request: { api_key: 1, headers: [{ 'x-api-key': 'y', accept: 'json' }] },
			body: { a: 1 },
			text: null,
		};
		expect(redactLogFields(fields)).toEqual({
			Authorization: '[REDACTED]',
			request: { api_key: '[REDACTED]', headers: [{ 'x-api-key': '[REDACTED]', accept: 'json' }] },
			body: '[REDACTED]',
			text: null,
		});
	});

	test('tokens and passwords inside strings are hidden', () => {
		const fields = redactLogFields({
			a: 'sent Bearer abcdef123456',
			b: 'postgres://app:hunter2@db:5432/x',
			c: 'xoxb-1234567890-abc',
		});
		expect(fields).toEqual({ a: 'sent Bearer [REDACTED]', b: 'postgres://app:[REDACTED]@db:5432/x', c: '[REDACTED]' });
	});

	test('ids, dates, numbers and what is not text pass; circles and depth are cut', () => {
		const circle: Record<string, unknown> = {
			id: 'c0ffee00-1234-4321-8888-123456789012',
			at: '2026-11-21T13:36:00.000Z',
			ms: 12.5,
			ok: true,
			big: 5n,
		};
		circle.self = circle;
		expect(redactLogFields(circle)).toEqual({
			id: circle.id,
			at: circle.at,
			ms: 12.5,
			ok: true,
			big: '5',
			self: '[CIRCULAR]',
		});
		let deep: Record<string, unknown> = {};
		for (let level = 0; level < 20; level++) deep = { deep };
		expect(JSON.stringify(redactLogFields(deep))).toContain('[DEEP]');
	});
});
