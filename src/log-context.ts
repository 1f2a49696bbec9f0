import { AsyncLocalStorage } from 'node:async_hooks';
import type { Jobs } from './pipeline.ts';
import { wrapJobs } from './wrap-jobs.ts';

/** What every log line of the work under way bears: which request it came from, which stage, whose conversation. Ids alone. */
export type LogContext = Readonly<Record<string, string>>;

const current = new AsyncLocalStorage<LogContext>();

/** Runs work whose log lines bear `ids` too, beside what they bear already. */
export function withLogContext<T>(ids: LogContext, work: () => T): T {
	return current.run({ ...current.getStore(), ...ids }, work);
}

/** What the work under way bears, as pino's `mixin`. A copy: pino writes the line's own fields into it. */
export function logContext(): Record<string, string> {
	return { ...current.getStore() };
}

/** Jobs whose log lines name their stage and what they were given: ids, whatever the stage. */
export function nameInLog<J extends Jobs>(jobs: J): J {
	return wrapJobs(jobs, (stage, payload, run) => withLogContext({ stage, ...payload }, run));
}
