/**
 * Every error the product raises on purpose. `retryable` says whether trying again later can help;
 * `effect` says what is known of an outbound call that failed: `none` is safe to repeat,
 * `unknown` must be looked up first.
 */
const catalogue = {
	SETTINGS_INVALID: { retryable: false, effect: 'none' },
	INPUT_INVALID: { retryable: false, effect: 'none' },
	/** Another process has the embedded database open. */
	DATABASE_IN_USE: { retryable: false, effect: 'none' },
	DATABASE_UNREACHABLE: { retryable: false, effect: 'none' },
	/** A later version of Understudy has changed the tables. */
	DATABASE_NEWER: { retryable: false, effect: 'none' },
	QUEUE_UNREACHABLE: { retryable: false, effect: 'none' },
	/** The vendor said not now: 429, or nobody listening. */
	VENDOR_BUSY: { retryable: true, effect: 'none' },
	/** No answer, a cut answer, or a 5xx: the call may have had its effect. */
	VENDOR_UNCERTAIN: { retryable: true, effect: 'unknown' },
	/** The vendor understood and refused: 4xx. */
	VENDOR_REFUSED: { retryable: false, effect: 'none' },
	/** Credentials refused: 401. Worth retrying, an operator may be mending them. */
	VENDOR_UNAUTHORIZED: { retryable: true, effect: 'none' },
	/** The vendor's record changed since it was read: 409. */
	VENDOR_CONFLICT: { retryable: true, effect: 'none' },
	/** There is no such thread, or no more: 404. */
	THREAD_MISSING: { retryable: false, effect: 'none' },
	/** The thread is closed for good: 422 on a closed ticket. */
	THREAD_CLOSED: { retryable: false, effect: 'none' },
} as const;

export type ErrorCode = keyof typeof catalogue;

export class UnderstudyError extends Error {
	override readonly name = 'UnderstudyError';
	readonly code: ErrorCode;
	readonly retryable: boolean;
	readonly effect: 'none' | 'unknown';
	/** When the vendor said to come back, in milliseconds from now. */
	readonly retryAfterMs: number | undefined;

	constructor(code: ErrorCode, message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
		super(message, options.cause === undefined ? undefined : { cause: options.cause });
		this.code = code;
		this.retryable = catalogue[code].retryable;
		this.effect = catalogue[code].effect;
		this.retryAfterMs = options.retryAfterMs;
	}
}

/** Whether `error` is ours, with one of the given codes if any are given. */
export function isUnderstudyError(error: unknown, ...codes: ErrorCode[]): error is UnderstudyError {
	return error instanceof UnderstudyError && (codes.length === 0 || codes.includes(error.code));
}

/**
 * Whether the world is to blame and not the work: a vendor, the database or the network is away, and what failed will
 * succeed by itself later. Anything else is the fault of what was worked on, or of the code.
 */
export function isOutage(error: unknown): boolean {
	if (isUnderstudyError(error)) return error.retryable;
	if (!(error instanceof Error)) return false;
	const { code } = error as { code?: unknown };
	if (typeof code === 'string' && (networkTrouble.has(code) || databaseTrouble.test(code))) return true;
	return connectionLost.test(error.message) || (error.cause !== undefined && isOutage(error.cause));
}

const networkTrouble = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'EAI_AGAIN', 'ENOTFOUND']);
/** SQLSTATE classes: connection, idle too long, rolled back, resources (a full disk too), lock not had, operator, system. */
const databaseTrouble = /^(?:08[0-9A-Z]{3}|25P03|40[0-9A-Z]{3}|53[0-9A-Z]{3}|55P03|57[0-9A-Z]{3}|58[0-9A-Z]{3})$/;
/** What the drivers of PostgreSQL and Redis throw without a code. */
const connectionLost = /connection (?:terminated|is closed|ended)|stream isn't writeable|command timed out/i;
