import { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';
import { logOptions } from '../src/safety/log-redaction.ts';

/** The product's own logger at its most talkative, and what it has written so far, a line each. */
export function captureLog(): { log: Logger; lines: string[] } {
	const lines: string[] = [];
	const sink = new Writable({
		write(chunk, _, done) {
			lines.push(String(chunk));
			done();
		},
	});
	return { log: pino({ ...logOptions, level: 'debug' }, sink), lines };
}
