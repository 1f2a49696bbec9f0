import type { Migration } from 'kysely/migration';
import { spine } from './migrations/0001-the-spine.ts';
import { deadLetters } from './migrations/0002-dead-letters.ts';
import { auditChain } from './migrations/0003-audit-chain.ts';
import { separateTenants } from './migrations/0004-tenancy.ts';
import { threadStamp } from './migrations/0005-thread-stamp.ts';
import { senders } from './migrations/0006-senders.ts';
import { retention } from './migrations/0007-retention.ts';

/** Every migration in order. One that has been released is never edited: a change is a new one. */
export const migrations: Record<string, Migration> = {
	'0001-the-spine': { up: spine },
	'0002-dead-letters': { up: deadLetters },
	'0003-audit-chain': { up: auditChain },
	'0004-tenancy': { up: separateTenants },
	'0005-thread-stamp': { up: threadStamp },
	'0006-senders': { up: senders },
	'0007-retention': { up: retention },
};
