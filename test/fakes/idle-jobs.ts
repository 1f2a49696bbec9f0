import { type Jobs, payloads } from '../../src/pipeline.ts';

/** Every stage's job, doing nothing. */
export const idleJobs = Object.fromEntries(
	Object.keys(payloads).map(stage => [stage, { run: async () => undefined }]),
) as unknown as Jobs;
