import { AsyncResource } from 'node:async_hooks';

/** Runs what keeps the processor busy, a slice of time per turn of the event loop, so that others get a word in between. */
export interface Pace {
	run<T>(work: () => T | Promise<T>): Promise<T>;
}

/**
 * @param sliceMs how long work may follow upon work before the event loop turns. Webhooks, the database's answers and the
 * renewal of locks wait that long at most, besides the one piece of work that was begun last.
 */
export function createPace(sliceMs = 10, now: () => number = () => performance.now()): Pace {
	const waiting: (() => void)[] = [];
	let isTurning = false;

	const turn = () => {
		const endsAt = now() + sliceMs;
		while (waiting.length > 0 && now() < endsAt) waiting.shift()?.();
		isTurning = waiting.length > 0;
		if (isTurning) setImmediate(turn);
	};

	return {
		run: work =>
			new Promise((resolve, reject) => {
				const begin = () => {
					try {
						resolve(work());
					} catch (error) {
						reject(error);
					}
				};
				// Its log lines and spans are those of who asked, not of whoever turned the loop.
				waiting.push(AsyncResource.bind(begin));
				if (isTurning) return;
				isTurning = true;
				setImmediate(turn);
			}),
	};
}
