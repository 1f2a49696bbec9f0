import type { DeliveryTimings } from './delivery.ts';
import type { ExportOptions } from './incremental-export.ts';
import type { Credentials } from './oauth.ts';
import type { RateLimits } from './rate-limit.ts';
import type { Seed } from './seed.ts';

export interface SandboxOptions {
	/** 0, the default, takes any free port. */
	port?: number;
	/** Credentials to accept; the ones in force are on the sandbox. */
	credentials?: Partial<Credentials>;
	/** Zendesk's Enterprise limits by default; `false` for none. */
	rateLimits?: Partial<RateLimits> | false;
	delivery?: Partial<DeliveryTimings>;
	incrementalExport?: ExportOptions;
	seed?: Seed;
	now?: () => Date;
	/** No two versions of a ticket bear the same `updated_at`, as Zendesk's may: for tests in which nobody waits a second. */
	hasUniqueStamps?: boolean;
	/** Decides about faults with a probability. */
	random?: () => number;
}

/** What a sandbox accepts where nothing else is asked for. */
export const defaultCredentials: Credentials = {
	clientId: 'sandbox-client',
	clientSecret: 'sandbox-secret',
	apiToken: 'sandbox-api-token',
	botEmail: 'understudy@sandbox.test',
};

/** Zendesk's patience, except the retry delay, which it does not document. */
export const defaultTimings: DeliveryTimings = { timeoutMs: 12_000, retryDelayMs: 1000, retryAfterSecondMs: 1000 };
