import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { HonoAdapter } from '@bull-board/hono';
import { serveStatic } from '@hono/node-server/serve-static';
import type { Job, Queue } from 'bullmq';
import { Hono } from 'hono';
import { redactLogFields } from '../safety/log-redaction.ts';

/** bull-board's pages, to be looked at only: what waits is in the database, and taking a job away would only delay it. */
export function createBoardPages(queues: readonly Queue[], path: string): Hono {
	const server = new HonoAdapter(serveStatic).setBasePath(path);
	createBullBoard({
		queues: queues.map(createAdapter),
		serverAdapter: server,
		// On PostgreSQL BullMQ does not know its workers: the board would warn that there are none.
		options: { uiConfig: { boardTitle: 'Understudy', showWorkers: false } },
	});
	// With a slash at the end, too.
	return new Hono({ strict: false }).route(path, server.registerPlugin());
}

function createAdapter(queue: Queue): BullMQAdapter {
	const adapter = new BullMQAdapter(queue, { readOnlyMode: true });
	// The adapter's own formatters leave out what failed, and why.
	return Object.assign(adapter, {
		getJob: async (id: string) => mask(await queue.getJob(id)),
		getJobs: async (...range: Parameters<Queue['getJobs']>) => (await queue.getJobs(...range)).map(mask),
	});
}

/** A job that shows itself as a log line would: its data are ids, but an error may quote a customer. */
function mask<J extends Job | undefined>(job: J): J {
	if (!job) return job;
	const show = job.toJSON.bind(job);
	// `name` is the stage's, where a log line's could be anybody's.
	return Object.assign(job, { toJSON: () => ({ ...redactLogFields({ ...show() }), name: job.name }) });
}
