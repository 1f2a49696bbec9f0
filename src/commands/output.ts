import { readFile } from 'node:fs/promises';
import { UnderstudyError } from '../errors.ts';

/** Where a command writes: results to stdout, everything for a watching person to stderr. */
export interface Output {
	/** A line of the result. */
	line(text: string): void;
	/** A line for the person: progress, faults, hints. */
	note(text: string): void;
	/** Progress of long work, on one line of a terminal and not at all elsewhere. */
	progress(done: number, total: number, what: string): void;
}

export function createOutput(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Output {
	let isOpen = false;
	const close = () => {
		if (isOpen) stderr.write('\n');
		isOpen = false;
	};
	return {
		line(text) {
			close();
			stdout.write(`${text}\n`);
		},
		note(text) {
			close();
			stderr.write(`${text}\n`);
		},
		progress(done, total, what) {
			if (!stderr.isTTY) return;
			stderr.write(`\r${what} ${done}/${total}`);
			isOpen = done < total;
			if (!isOpen) stderr.write('\n');
		},
	};
}

/** Reads what a command is given: a file, or standard input for `-`. */
export async function readInput(file: string): Promise<string> {
	if (file === '-') {
		const chunks: Buffer[] = [];
		for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
		return Buffer.concat(chunks).toString('utf8');
	}
	try {
		return await readFile(file, 'utf8');
	} catch (cause) {
		const { code, message } = cause as NodeJS.ErrnoException;
		const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'that is a folder' : message;
		throw new UnderstudyError('INPUT_INVALID', `Cannot read ${file}: ${reason}.`, { cause });
	}
}

/** A number for people: two decimals at most. */
export function round(value: number, decimals = 2): number {
	return Math.round(value * 10 ** decimals) / 10 ** decimals;
}
