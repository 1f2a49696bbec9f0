/** More than this nobody writes by hand; what was pasted below it is not read. */
const mostCharacters = 8_000;
/** A longer run without a space is no word: a pasted file, a token, a cat on the keyboard. */
const longestRun = 120;

/**
 * What is read of a message. Several of the patterns behind it take time in the square of the length: 60,000 characters
 * without a space would hold the process for half a minute.
 */
export function readable(message: string): string {
	return (
		message
			.slice(0, mostCharacters)
			.replace(/\S+/g, run => (run.length > longestRun ? `${run.slice(0, longestRun)}…` : run))
			// Cutting may have left half of an emoji.
			.toWellFormed()
	);
}
