/**
 * Makes one call of many: what is asked for in the same turn of the event loop, or while an earlier call is under way, goes
 * together. Where a batch fails each of its items is tried alone, so that a bad one spoils nothing but itself.
 * @param run must answer in the order it was given.
 */
export function createBatch<In, Out>(
	run: (items: readonly In[]) => Promise<readonly Out[]>,
	{ most = 500, lanes = 1 }: { most?: number; lanes?: number } = {},
): (item: In) => Promise<Out> {
	let waiting: Asked<In, Out>[] = [];
	let underWay = 0;
	let isScheduled = false;

	const flush = () => {
		isScheduled = false;
		while (waiting.length > 0 && underWay < lanes) {
			const batch = waiting.slice(0, most);
			waiting = waiting.slice(most);
			underWay++;
			void settle(run, batch).finally(() => {
				underWay--;
				flush();
			});
		}
	};
	return item =>
		new Promise((resolve, reject) => {
			waiting.push({ item, resolve, reject });
			if (isScheduled || underWay >= lanes) return;
			isScheduled = true;
			setImmediate(flush);
		});
}

interface Asked<In, Out> {
	item: In;
	resolve(out: Out): void;
	reject(error: unknown): void;
}

async function settle<In, Out>(
	run: (items: readonly In[]) => Promise<readonly Out[]>,
	batch: readonly Asked<In, Out>[],
): Promise<void> {
	try {
		const outs = await run(batch.map(({ item }) => item));
		for (const [i, { resolve }] of batch.entries()) resolve(outs[i] as Out);
	} catch (error) {
		const [only] = batch;
		if (batch.length === 1) return only?.reject(error);
		await Promise.all(batch.map(one => settle(run, [one])));
	}
}
