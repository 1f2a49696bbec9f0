import type { z } from 'zod';

export type ParsedLine<Row> = { line: number; row: Row } | { line: number; fault: string };

/** The rows of JSONL text with their line numbers, from 1. A bad line is told and does not stop the rest; blank ones are skipped. */
export function* parseJsonLines<Row>(text: string, schema: z.ZodType<Row>): Generator<ParsedLine<Row>> {
	for (const [index, content] of text.split(/\r?\n/u).entries()) {
		if (content.trim() === '') continue;
		const line = index + 1;
		let value: unknown;
		try {
			value = JSON.parse(content);
		} catch (error) {
			yield { line, fault: `not JSON: ${(error as Error).message}` };
			continue;
		}
		const parsed = schema.safeParse(value);
		if (parsed.success) yield { line, row: parsed.data };
		else
			yield {
				line,
				fault: parsed.error.issues
					.map(issue => [issue.path.join('.'), issue.message].filter(Boolean).join(': '))
					.join('; '),
			};
	}
}
