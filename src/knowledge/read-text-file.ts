import { readFile } from 'node:fs/promises';

export type TextFile = { text: string } | { fault: string };

/** A file's text, or why it cannot be read as text: missing, empty, not UTF-8. A byte order mark is taken off. */
export async function readTextFile(path: string): Promise<TextFile> {
	let bytes: Buffer;
	try {
		bytes = await readFile(path);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === 'ENOENT') return { fault: 'There is no such file.' };
		if (code === 'EISDIR') return { fault: 'This is a folder, not a file.' };
		return { fault: `It cannot be read (${code ?? String(error)}).` };
	}
	try {
		const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
		return text.trim() ? { text } : { fault: 'The file is empty.' };
	} catch {
		return { fault: 'The file is not UTF-8 text; save it as UTF-8 and import it again.' };
	}
}
