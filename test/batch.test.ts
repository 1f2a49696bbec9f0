import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { createBatch } from '../src/batch.ts';

const soon = () => new Promise(resolve => setTimeout(resolve, 5));

/** Doubles numbers, keeps a record of its batches, and refuses the number 13. */
function createDoubler(options: { keyOf?: (input: number) => string; most?: number } = {}) {
	const batches: number[][] = [];
	const double = createBatch(async (inputs: number[]) => {
		batches.push(inputs);
		await soon();
		if (inputs.includes(13)) throw new Error('no thirteens');
		return inputs.map(input => 2 * input);
	}, options);
	return { double, batches };
}

describe('a batch', () => {
	it('is made of the calls of one turn, each with its own result', async () => {
		const { double, batches } = createDoubler();
		expect(await Promise.all([1, 2, 3].map(double))).toEqual([2, 4, 6]);
		expect(batches).toEqual([[1, 2, 3]]);
	});

	it('is made of the calls that came while another was under way', async () => {
		const { double, batches } = createDoubler();
		const first = double(1);
		await new Promise(setImmediate);
		await Promise.all([first, double(2), double(3)]);
		expect(batches).toEqual([[1], [2, 3]]);
	});

	it('never holds two calls of one key, nor more than it may', async () => {
		const { double, batches } = createDoubler({ keyOf: input => String(input % 10), most: 2 });
		await Promise.all([1, 11, 2, 3, 21].map(double));
		expect(batches).toEqual([[1, 2], [11, 3], [21]]);
	});

	it('belongs to none of its callers, who each go on as themselves', async () => {
		const who = new AsyncLocalStorage<string>();
		const ran: (string | undefined)[] = [];
		const double = createBatch(async (inputs: number[]) => {
			await soon();
			ran.push(who.getStore());
			return inputs.map(input => 2 * input);
		});
		const callers = ['Ana', 'Ben'].map(name => who.run(name, () => double(1).then(() => who.getStore())));
		expect(await Promise.all(callers)).toEqual(['Ana', 'Ben']);
		expect(ran).toEqual([undefined]);
	});

	it('that fails is run one by one, so that the bad one fails alone', async () => {
		const { double, batches } = createDoubler();
		const results = await Promise.allSettled([1, 13, 2].map(double));
		expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
		expect(batches).toEqual([[1, 13, 2], [1], [13], [2]]);
		expect(await double(4)).toBe(8);
	});

	it('fails as a whole where the database is away', async () => {
		let runs = 0;
		const refuse = createBatch(async () => {
			runs++;
			throw Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' });
		});
		const results = await Promise.allSettled([1, 2, 3].map(refuse));
		expect(results.every(({ status }) => status === 'rejected')).toBe(true);
		expect(runs).toBe(1);
	});
});
