import type { Job, Jobs, Payload, Stage } from './pipeline.ts';

/** Jobs with something around every run of theirs. */
export function wrapJobs<J extends Jobs>(
	jobs: J,
	around: (stage: Stage, payload: Payload<Stage>, run: () => Promise<void>) => Promise<void>,
): J {
	const wrapped = Object.entries(jobs).map(([stage, job]) => {
		// A job may take more than its payload where it is not the queue that runs it.
		const { run } = job as { run: (payload: Payload<Stage>, ...more: unknown[]) => ReturnType<Job<Stage>['run']> };
		const wrap: typeof run = (payload, ...more) => around(stage as Stage, payload, () => run(payload, ...more));
		return [stage, { run: wrap }];
	});
	return Object.fromEntries(wrapped) as J;
}
