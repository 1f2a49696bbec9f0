/** Whose work a tick is. */
export interface TickOrigin {
	tenantId: string;
	senderId: string;
}

/**
 * The place in the queue for one more tick of somebody: 0 for whoever has asked for little lately, later places for those who
 * ask for much. The first tick of a quiet tenant so comes before the hundredth of a busy one, however many wait.
 */
export type PlaceOf = (origin: TickOrigin) => number;

export interface FairShareOptions {
	windowMs?: number;
	/** Ticks within the window that each place holds. Of a tenant, where there are others; of a sender, always. */
	tenantShare?: number;
	senderShare?: number;
	now?: () => number;
}

/** Counts who asks for how much, in windows of time. Of this process: the balancer spreads a flood over all of them. */
export function createFairShare({
	windowMs = 10_000,
	tenantShare = 100,
	senderShare = 10,
	now = Date.now,
}: FairShareOptions = {}): PlaceOf {
	let tenants = new Map<string, number>();
	let senders = new Map<string, number>();
	let endsAt = 0;

	return ({ tenantId, senderId }) => {
		if (now() >= endsAt) {
			tenants = new Map();
			senders = new Map();
			endsAt = now() + windowMs;
		}
		const ofTenant = countUp(tenants, tenantId);
		const ofSender = countUp(senders, `${tenantId}/${senderId}`);
		const tenantPlace = tenants.size > 1 ? Math.floor(ofTenant / tenantShare) : 0;
		return Math.max(tenantPlace, Math.floor(ofSender / senderShare));
	};
}

/** Returns how often it had been counted before. */
function countUp(counts: Map<string, number>, key: string): number {
	const before = counts.get(key) ?? 0;
	counts.set(key, before + 1);
	return before;
}
