import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOutage } from './errors.ts';

export interface BatchOptions<I> {
	/** Inputs of one key never share a batch: the second waits for the next one. */
	keyOf?: (input: I) => string;
	/** Inputs in one batch at most. */
	most?: number;
	/** How long a batch waits for company in a crowd; 0 where somebody outside waits for the answer. */
	lingerMs?: number;
}

/** So many in one batch means that more come all the time: some 250 a second at least. */
const crowd = 5;

/** A batch is no one caller's: its log lines and spans must not pass for those of the request that happened to be first. */
const ofNobody = AsyncLocalStorage.snapshot();

interface Call<I, O> {
	input: I;
	resolve: (output: O) => void;
	reject: (error: unknown) => void;
}

/**
 * Joins calls that are made while an earlier batch is under way: a transaction over fifty conversations costs hardly more than
 * one over a single one. In quiet times nobody waits for company: an idle batch starts with the next turn of the event loop. A
 * batch that fails is run again one by one, so that a bad input fails alone; where the database is away, all fail at once.
 * @param runAll does the work in one transaction; its results are in the order of the inputs.
 */
export function createBatch<I, O>(
	runAll: (inputs: I[]) => Promise<O[]>,
	{ keyOf, most = 100, lingerMs = 20 }: BatchOptions<I> = {},
): (input: I) => Promise<O> {
	let waiting: Call<I, O>[] = [];
	let isBusy = false;

	const takeBatch = (): Call<I, O>[] => {
		const keys = new Set<string>();
		const batch: Call<I, O>[] = [];
		const rest: Call<I, O>[] = [];
		for (const call of waiting) {
			const key = keyOf?.(call.input);
			const isFree = batch.length < most && (key === undefined || !keys.has(key));
			if (isFree && key !== undefined) keys.add(key);
			(isFree ? batch : rest).push(call);
		}
		waiting = rest;
		return batch;
	};

	const work = async (): Promise<void> => {
		while (waiting.length > 0) {
			const batch = takeBatch();
			await settle(batch, runAll);
			if (lingerMs > 0 && batch.length >= crowd && waiting.length < most) await sleep(lingerMs);
		}
		isBusy = false;
	};

	return input =>
		new Promise((resolve, reject) => {
			waiting.push({ input, resolve, reject });
			if (isBusy) return;
			isBusy = true;
			setImmediate(() => void ofNobody(work));
		});
}

/** Answers every call of a batch. Never throws. */
async function settle<I, O>(batch: Call<I, O>[], runAll: (inputs: I[]) => Promise<O[]>): Promise<void> {
	try {
		const outputs = await runAll(batch.map(({ input }) => input));
		batch.forEach(({ resolve }, index) => {
			resolve(outputs[index] as O);
		});
	} catch (error) {
		if (batch.length === 1 || isOutage(error)) {
			for (const { reject } of batch) reject(error);
			return;
		}
		for (const call of batch) await settle([call], runAll);
	}
}
