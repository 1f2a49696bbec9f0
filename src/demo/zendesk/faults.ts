/** What can be made to go wrong with an API request. */
export interface ApiFault {
	/**
	 * `status` answers `status` (with `retryAfterSeconds`); `drop` breaks the connection; `hang` holds it for `ms` and
	 * then breaks it; `slow` answers normally after `ms`.
	 */
	kind: 'status' | 'drop' | 'hang' | 'slow';
	/** For `status`; 500 by default. */
	status?: number;
	retryAfterSeconds?: number;
	/** For `hang` and `slow`. */
	ms?: number;
	/** The request is carried out first, and only its answer goes wrong: the client cannot know that it worked. */
	afterEffect?: boolean;
	/** Any by default. */
	method?: string;
	/** Tested against the path (`/api/v2/tickets/1.json`); a string matches as a part of it. Any by default. */
	path?: string | RegExp;
	/** How many matching requests it strikes; 1 by default, or until switched off where `probability` is given. */
	times?: number;
	/** The chance that it strikes a matching request. */
	probability?: number;
}

/** What can be made to go wrong with a webhook delivery. */
interface WebhookFault {
	/**
	 * `drop` never sends it; `duplicate` sends it twice; `delay` sends it after `ms`; `reorder` holds it until the
	 * webhook's next delivery is through, or for `ms` (1,000 by default) where none follows.
	 */
	kind: 'drop' | 'duplicate' | 'delay' | 'reorder';
	/** `zen:event-type:ticket.comment_added`, or a part of it. Any by default. */
	type?: string;
	ms?: number;
	times?: number;
	probability?: number;
}

/** Faults to switch on and off while the sandbox runs. */
export interface Faults {
	/** Arms an API fault and returns the switch that disarms it. */
	api(fault: ApiFault): () => void;
	/** Arms a webhook fault and returns the switch that disarms it. */
	webhook(fault: WebhookFault): () => void;
	clear(): void;
	/** How many requests and deliveries were struck since the start. */
	struck(): number;
}

/** The side of the faults that the server and the delivery ask. The first armed fault that matches strikes. */
export interface FaultSource {
	strikeRequest(method: string, path: string): ApiFault | undefined;
	strikeDelivery(type: string): WebhookFault | undefined;
}

interface Armed<Fault> {
	fault: Fault;
	remaining: number;
}

/** `random` is uniform in [0, 1): pass a seeded one for a run that repeats. */
export function createFaults(random: () => number): Faults & FaultSource {
	const requests = new Set<Armed<ApiFault>>();
	const deliveries = new Set<Armed<WebhookFault>>();
	let struck = 0;

	const arm = <Fault extends { times?: number; probability?: number }>(armed: Set<Armed<Fault>>, fault: Fault) => {
		const entry = { fault, remaining: fault.times ?? (fault.probability === undefined ? 1 : Number.POSITIVE_INFINITY) };
		armed.add(entry);
		return () => {
			armed.delete(entry);
		};
	};
	const strike = <Fault extends { probability?: number }>(
		armed: Set<Armed<Fault>>,
		matches: (fault: Fault) => boolean,
	) => {
		for (const entry of armed) {
			if (!matches(entry.fault) || random() >= (entry.fault.probability ?? 1)) continue;
			entry.remaining -= 1;
			if (entry.remaining <= 0) armed.delete(entry);
			struck += 1;
			return entry.fault;
		}
		return undefined;
	};

	return {
		api: fault => arm(requests, fault),
		webhook: fault => arm(deliveries, fault),
		clear() {
			requests.clear();
			deliveries.clear();
		},
		struck: () => struck,
		strikeRequest: (method, path) =>
			strike(requests, fault => (fault.method ?? method).toUpperCase() === method && matchesPath(fault.path, path)),
		strikeDelivery: type => strike(deliveries, fault => type.includes(fault.type ?? '')),
	};
}

function matchesPath(pattern: string | RegExp | undefined, path: string): boolean {
	if (pattern === undefined) return true;
	return typeof pattern === 'string'
		? path.includes(pattern)
		: new RegExp(pattern.source, pattern.flags.replace('g', '')).test(path);
}
