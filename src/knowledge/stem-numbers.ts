/** A number for each stem of the indexed passages, so that a passage's words in their order are a few hundred bytes. */
export interface StemNumbers {
	/** The stems as numbers, in their order. What it returned must be released when the passage goes. */
	hold(stems: readonly string[]): Int32Array;
	/** A stem that no passage has any more gives its number to another. */
	release(numbers: Int32Array): void;
	/** Undefined for a stem of no passage. */
	numberOf(stem: string): number | undefined;
}

export function createStemNumbers(): StemNumbers {
	const numbers = new Map<string, number>();
	const stems: string[] = [];
	const uses: number[] = [];
	const free: number[] = [];

	function hold(stem: string): number {
		const known = numbers.get(stem);
		const number = known ?? free.pop() ?? stems.length;
		if (known === undefined) {
			numbers.set(stem, number);
			stems[number] = stem;
			uses[number] = 0;
		}
		uses[number] = (uses[number] as number) + 1;
		return number;
	}

	return {
		hold: held => Int32Array.from(held, hold),
		release(released) {
			for (const number of released) {
				uses[number] = (uses[number] as number) - 1;
				if (uses[number] !== 0) continue;
				numbers.delete(stems[number] as string);
				free.push(number);
			}
		},
		numberOf: stem => numbers.get(stem),
	};
}
