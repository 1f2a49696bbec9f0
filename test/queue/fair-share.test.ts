import { describe, expect, it } from 'vitest';
import { createFairShare } from '../../src/queue/fair-share.ts';

describe('the place in the queue', () => {
	it('is the first for a tenant by itself, however much it asks for', () => {
		const placeOf = createFairShare({ tenantShare: 2 });
		const places = Array.from({ length: 10 }, (_, n) => placeOf({ tenantId: 'a', senderId: String(n) }));
		expect(Math.max(...places)).toBe(0);
	});

	it('moves back for the busy one of two tenants, and not for the other', () => {
		const placeOf = createFairShare({ tenantShare: 2 });
		placeOf({ tenantId: 'b', senderId: 'x' });
		const places = Array.from({ length: 6 }, (_, n) => placeOf({ tenantId: 'a', senderId: String(n) }));
		expect(places).toEqual([0, 0, 1, 1, 2, 2]);
		expect(placeOf({ tenantId: 'b', senderId: 'y' })).toBe(0);
	});

	it('moves back for a sender who floods, until the window is over', () => {
		let clock = 0;
		const placeOf = createFairShare({ senderShare: 2, windowMs: 1000, now: () => clock });
		const loud = () => placeOf({ tenantId: 'a', senderId: 'loud' });
		expect([loud(), loud(), loud(), placeOf({ tenantId: 'a', senderId: 'other' })]).toEqual([0, 0, 1, 0]);
		clock = 1000;
		expect(loud()).toBe(0);
	});
});
