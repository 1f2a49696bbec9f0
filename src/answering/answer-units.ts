import type { Passage } from '../knowledge/article.ts';
import { splitSentences } from '../sentences.ts';

/** What can be quoted on its own: a sentence, or a list of steps together with the line that leads into it. */
export interface AnswerUnit {
	/** Verbatim from the passage. */
	text: string;
	/** A heading inside the passage that the unit stands under. */
	heading: string;
	isSteps: boolean;
	/** Place among the passage's units, from 0. */
	position: number;
}

const longestList = 1_200;

export function answerUnits({ text, language }: Passage): AnswerUnit[] {
	const units: Omit<AnswerUnit, 'position'>[] = [];
	let heading = '';
	let lines: string[] = [];
	const endList = () => {
		if (lines.length === 0) return;
		const previous = units.at(-1);
		const list = lines.join('\n');
		lines = [];
		if (previous && !previous.isSteps && previous.text.endsWith(':')) {
			const whole = `${previous.text}\n${list}`;
			if (whole.length <= longestList && text.includes(whole)) {
				units[units.length - 1] = { ...previous, text: whole, isSteps: true };
				return;
			}
		}
		const isKeptWhole = list.length <= longestList && /^\s*\d+[.)]\s/u.test(list);
		for (const item of isKeptWhole ? [list] : list.split('\n')) {
			units.push({ text: item.trim(), heading, isSteps: isKeptWhole });
		}
	};
	for (const line of text.split('\n')) {
		if (isListItem(line)) {
			lines.push(line);
			continue;
		}
		endList();
		if (isHeading(line)) heading = line;
		else for (const sentence of splitSentences(line, language)) units.push({ text: sentence, heading, isSteps: false });
	}
	endList();
	return units.map((unit, position) => ({ ...unit, position }));
}

function isListItem(line: string): boolean {
	return /^\s*(?:\d{1,3}[.)]|[-•*])\s/u.test(line) || /^ {2,}\S/u.test(line);
}

/** A heading that was joined into the passage as a line of its own; a table's row has its colons, a sentence its end. */
function isHeading(line: string): boolean {
	return (
		/^.{1,120}\?$/u.test(line.trim()) ||
		(!/[.!:;…"”»)]\s*$/u.test(line) && !/: /u.test(line) && line.split(/\s+/u).length <= 10)
	);
}
