import type { Example } from './classifier.ts';

/** Examples from CSV (RFC 4180: quoted fields may hold commas, newlines and doubled quotes): first column text, second label. */
export function parseExamplesCsv(csv: string): Example[] {
	const rows = parseRows(csv.replace(/^\uFEFF/, '')).filter(row => row.length >= 2 && row[0]?.trim() && row[1]?.trim());
	const labelCounts = new Map<string, number>();
	for (const row of rows) labelCounts.set(row[1] ?? '', (labelCounts.get(row[1] ?? '') ?? 0) + 1);
	const first = rows[0];
	const hasHeader = first !== undefined && isHeader(first, labelCounts);
	return rows.slice(hasHeader ? 1 : 0).map(row => ({ text: row[0] ?? '', label: (row[1] ?? '').trim() }));
}

/** Examples from JSON Lines of `{text, label, language?}`. */
export function parseExamplesJsonl(jsonl: string): Example[] {
	return jsonl
		.split('\n')
		.filter(line => line.trim())
		.map(line => {
			const row = JSON.parse(line) as { text?: unknown; label?: unknown; language?: unknown };
			if (typeof row.text !== 'string' || typeof row.label !== 'string') {
				throw new Error(`A line of the examples lacks "text" or "label": ${line.slice(0, 80)}`);
			}
			const { language } = row;
			return { text: row.text, label: row.label, ...(typeof language === 'string' && { language }) };
		});
}

const headerNames = /^(?:text|utterance|message|query|sentence|example|label|category|intent|class|target)$/i;

/** A header names its columns, and its "label" labels nothing else. */
function isHeader([text = '', label = '']: string[], labelCounts: Map<string, number>): boolean {
	return headerNames.test(text.trim()) || (headerNames.test(label.trim()) && labelCounts.get(label) === 1);
}

function parseRows(csv: string): string[][] {
	const rows: string[][] = [];
	let row: string[] = [];
	let field = '';
	let isQuoted = false;
	for (let i = 0; i < csv.length; i++) {
		const character = csv[i] as string;
		if (isQuoted) {
			if (character !== '"') field += character;
			else if (csv[i + 1] === '"') {
				field += '"';
				i++;
			} else isQuoted = false;
		} else if (character === '"' && field === '') isQuoted = true;
		else if (character === ',') {
			row.push(field);
			field = '';
		} else if (character === '\n') {
			row.push(field.replace(/\r$/, ''));
			rows.push(row);
			row = [];
			field = '';
		} else field += character;
	}
	if (field !== '' || row.length > 0) rows.push([...row, field.replace(/\r$/, '')]);
	return rows;
}
