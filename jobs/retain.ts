import type { Logger } from '../src/log.ts';
import type { Metrics } from '../src/metrics.ts';
import type { Job } from '../src/pipeline.ts';
import type { Retention } from '../src/retention/retention.ts';

export interface RetainDeps {
	retention: Pick<Retention, 'run'>;
	metrics: Pick<Metrics, 'deleted'>;
	log: Logger;
}

/** Deletes what has been kept for its period. */
export function createRetain({ retention, metrics, log }: RetainDeps): Job<'retain'> {
	return {
		async run() {
			const { expired, ...deleted } = await retention.run('assistant');
			for (const [kind, rows] of Object.entries(deleted)) metrics.deleted(kind, rows);
			if (expired > 0 || Object.values(deleted).some(Boolean)) log.info({ expired, ...deleted }, 'kept no longer');
		},
	};
}
