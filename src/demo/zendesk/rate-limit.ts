import { ApiError } from './api-error.ts';

/** How often the API may be called. The defaults are Zendesk's for an Enterprise account. */
export interface RateLimits {
	callsPerMinute: number;
	/** Ticket updates of the whole account. */
	updatesPerMinute: number;
	/** Updates by one user of one ticket. */
	updatesPerTicketPer10Minutes: number;
	exportsPerMinute: number;
}

const zendeskRateLimits: RateLimits = {
	callsPerMinute: 700,
	updatesPerMinute: 100,
	updatesPerTicketPer10Minutes: 30,
	exportsPerMinute: 10,
};

/** What one request uses up. */
export interface Spending {
	userId: number;
	/** The ticket it updates, if it does. */
	updatesTicketId?: number | undefined;
	isExport?: boolean;
}

export interface RateLimiter {
	/** Counts the request and returns the headers to answer it with; throws 429 with `Retry-After` past a limit. */
	spend(spending: Spending): Record<string, string>;
	/** Changes limits at run time; `false` lifts them all. */
	setLimits(limits: Partial<RateLimits> | false): void;
	/** What was used in the windows running now, by limit; per-ticket keys are `ticket:<user id>:<ticket id>`. */
	used(): Record<string, number>;
}

const minuteMs = 60_000;

/** Fixed windows that open with the first call in them. */
export function createRateLimiter(now: () => Date, initial: Partial<RateLimits> | false): RateLimiter {
	const windows = new Map<string, { count: number; endsAtMs: number }>();
	let limits: RateLimits | false = initial === false ? false : { ...zendeskRateLimits, ...initial };

	const count = (key: string, lengthMs: number) => {
		const nowMs = now().getTime();
		const open = windows.get(key);
		const window = open !== undefined && open.endsAtMs > nowMs ? open : { count: 0, endsAtMs: nowMs + lengthMs };
		window.count += 1;
		windows.set(key, window);
		return { count: window.count, resetSeconds: Math.max(1, Math.ceil((window.endsAtMs - nowMs) / 1000)) };
	};
	const spendOne = (key: string, limit: number, lengthMs: number, error: string) => {
		const { count: used, resetSeconds } = count(key, lengthMs);
		const headers = {
			'x-rate-limit': String(limit),
			'x-rate-limit-remaining': String(Math.max(0, limit - used)),
			'ratelimit-limit': String(limit),
			'ratelimit-remaining': String(Math.max(0, limit - used)),
			'ratelimit-reset': String(resetSeconds),
		};
		if (used <= limit) return headers;
		const description = `Number of allowed requests exceeded: ${key}`;
		throw new ApiError(429, { error, description }, { ...headers, 'retry-after': String(resetSeconds) });
	};

	return {
		spend({ userId, updatesTicketId, isExport }) {
			if (limits === false) return {};
			const headers = spendOne('calls', limits.callsPerMinute, minuteMs, 'APIRateLimitExceeded');
			if (isExport === true) spendOne('exports', limits.exportsPerMinute, minuteMs, 'APIRateLimitExceeded');
			if (updatesTicketId !== undefined) {
				const ticketKey = `ticket:${userId}:${updatesTicketId}`;
				spendOne('updates', limits.updatesPerMinute, minuteMs, 'TooManyTicketUpdates');
				spendOne(ticketKey, limits.updatesPerTicketPer10Minutes, 10 * minuteMs, 'TooManyTicketUpdates');
			}
			return headers;
		},
		setLimits(changed) {
			limits = changed === false ? false : { ...zendeskRateLimits, ...(limits === false ? {} : limits), ...changed };
			windows.clear();
		},
		used: () => Object.fromEntries([...windows].map(([key, window]) => [key, window.count])),
	};
}
