import { defineConfig } from 'vitest/config';

const shared = {
	globalSetup: ['test/database-template.ts'],
	testTimeout: 20_000,
	hookTimeout: 30_000,
	// Nothing is mocked and no module keeps state, so files of one worker share what is loaded and compiled.
	isolate: false,
};

export default defineConfig({
	test: {
		// Most of the time is waiting: for a sender's patience, a queue's, a process. Two cores would get one worker.
		maxWorkers: 4,
		projects: [
			{
				test: {
					...shared,
					name: 'product',
					include: ['test/**/*.test.ts'],
					exclude: ['test/chaos/**'],
					sequence: { groupOrder: 0 },
				},
			},
			// By itself, after the others: it takes the whole machine, and others have the patience of a busy vendor.
			{
				test: {
					...shared,
					name: 'chaos',
					include: ['test/chaos/**/*.test.ts'],
					globalSetup: [],
					sequence: { groupOrder: 1 },
				},
			},
		],
	},
});
