import type { Kysely } from 'kysely';
import { sealAudit } from '../src/audit/audit-chain.ts';
import type { Schema } from '../src/database/schema.ts';
import type { Logger } from '../src/log.ts';
import type { Job } from '../src/pipeline.ts';

export interface SealAuditDeps {
	query: Kysely<Schema>;
	log: Logger;
}

/** Closes the chain over the audit entries that were written since. */
export function createSealAudit({ query, log }: SealAuditDeps): Job<'seal-audit'> {
	return {
		async run() {
			const sealed = await sealAudit(query);
			if (sealed > 0) log.debug({ sealed }, 'audit entries sealed');
		},
	};
}
