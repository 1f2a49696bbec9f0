import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		include: ['test/**/*.test.ts'],
		globalSetup: ['test/database-template.ts'],
		// Most of the time is waiting: for a sender's patience, a queue's, a process. Two cores would get one worker.
		maxWorkers: 4,
		testTimeout: 20_000,
		hookTimeout: 30_000,
	},
});
