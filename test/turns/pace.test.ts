import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { createPace } from '../../src/turns/pace.ts';

describe('the pace', () => {
	it('lets the event loop turn between slices of work', async () => {
		let clock = 0;
		const pace = createPace(10, () => clock);
		const log: string[] = [];
		const work = (name: string) =>
			pace.run(() => {
				clock += 6;
				log.push(name);
			});
		const all = Promise.all([work('one'), work('two'), work('three')]);
		setImmediate(() => log.push('turn'));
		await all;
		// 0 and 6 ms are within the slice; the third waits for the next turn.
		expect(log).toEqual(['one', 'two', 'turn', 'three']);
	});

	it('lets everyone work as themselves, whoever set it going', async () => {
		const who = new AsyncLocalStorage<string>();
		const pace = createPace();
		const names = ['Ana', 'Ben'];
		expect(await Promise.all(names.map(name => who.run(name, () => pace.run(() => who.getStore()))))).toEqual(names);
	});

	it('hands on results and errors, and goes on after an error', async () => {
		const pace = createPace();
		const failing = pace.run(() => {
			throw new Error('bad');
		});
		await expect(failing).rejects.toThrow('bad');
		expect(await pace.run(async () => 7)).toBe(7);
	});
});
