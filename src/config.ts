import { z } from 'zod';
import { UnderstudyError } from './errors.ts';

/** The settings that belong to no integration. Each is a row of the README's table. */
export const Settings = z
	.object({
		PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
		PUBLIC_URL: z.url().optional(),
		DATA_DIR: z.string().min(1).default('.data'),
		DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
		REDIS_URL: z.string().optional(),
		/** Beginning of every key; the braces keep one queue's keys on one node of a Cluster. */
		REDIS_PREFIX: z
			.string()
			.regex(/^\{[^{}]+\}$/, 'must stand in braces, like {understudy}, so that a Cluster can hold it')
			.default('{understudy}'),
		ROLE: z.enum(['all', 'web', 'worker']).default('all'),
		LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
		POLICY_FILE: z.string().min(1).default('manifests/policy.yaml'),
		/** A deployment’s own phrases and training examples: a copy of `locales/`, with more in it. */
		LOCALES_DIR: z.string().min(1).default('locales'),
		/** How many conversations one process answers at a time; a model's answer takes seconds, so many wait at once. */
		CONCURRENCY: z.coerce.number().int().min(1).max(2000).default(200),
		/** How long to wait for a customer who is still typing, in milliseconds. */
		SETTLE_MS: z.coerce.number().int().min(0).max(60_000).default(1500),
		/** Who may look into the queues. */
		BOARD_USER: z
			.string()
			.regex(/^[^:]+$/, 'must not hold a colon: HTTP puts one between user and password')
			.optional(),
		BOARD_PASSWORD: z.string().min(12, 'must have 12 characters or more').optional(),
	})
	.refine(
		({ BOARD_USER, BOARD_PASSWORD }) => (BOARD_USER === undefined) === (BOARD_PASSWORD === undefined),
		'BOARD_USER and BOARD_PASSWORD go together: both for a board under /queues, neither for none.',
	);

export type Settings = z.infer<typeof Settings>;

/** Whether the settings make one installation: `web` and `worker` apart meet in a database that both can reach. */
export function checkRole({ ROLE, DATABASE_URL, REDIS_URL }: Settings): void {
	if (DATABASE_URL) return;
	if (REDIS_URL) {
		throw new UnderstudyError(
			'SETTINGS_INVALID',
			'REDIS_URL needs DATABASE_URL: Redis makes a PostgreSQL installation faster, the embedded database brings its own queue.',
		);
	}
	if (ROLE === 'all') return;
	throw new UnderstudyError(
		'SETTINGS_INVALID',
		`ROLE=${ROLE} needs DATABASE_URL: the embedded database is one process’s alone, and nobody would do the other half of the work.`,
	);
}

export type Environment = Record<string, string | undefined>;

/** Reads settings by their schema. @throws UnderstudyError that names every fault at once, in words. */
export function readSettings<S extends z.ZodType>(schema: S, env: Environment): z.infer<S> {
	// An empty variable is one that was not set.
	const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
	const parsed = schema.safeParse(set);
	if (parsed.success) return parsed.data;
	const faults = parsed.error.issues.map(
		issue => `  ${issue.path.join('.')}${issue.path.length ? ': ' : ''}${issue.message}`,
	);
	throw new UnderstudyError('SETTINGS_INVALID', `These settings are not valid:\n${faults.join('\n')}`);
}
