import { createHash } from 'node:crypto';
import { badRequest } from './api-error.ts';
import type { Desk } from './desk.ts';
import type { TicketUpdate } from './tickets.ts';

const lifetimeMs = 2 * 60 * 60 * 1000;

/**
 * Creates a ticket once per `Idempotency-Key`: within two hours a repeat answers with the first ticket (`hit`), and a
 * different body under the same key is refused with 400. Without a key it just creates.
 */
export function createOnce(
	desk: Desk,
	key: string | undefined,
	input: object,
	create: () => TicketUpdate,
): TicketUpdate & { lookup?: 'hit' | 'miss' } {
	if (key === undefined) return create();
	if (key.length > 255) throw badRequest('Idempotency-Key: is too long (maximum is 255 characters)');
	const state = desk.state();
	const nowMs = desk.now().getTime();
	const digest = createHash('sha256').update(JSON.stringify(input)).digest('hex');
	const known = state.idempotentRequests[key];
	if (known !== undefined && known.expiresAtMs > nowMs) {
		if (known.digest !== digest) throw badRequest('Idempotency-Key: was used with different parameters');
		const ticket = state.tickets[known.ticketId];
		const audit = state.audits[known.ticketId]?.find(({ id }) => id === known.auditId);
		if (ticket !== undefined && audit !== undefined) return { ticket, audit, lookup: 'hit' };
	}
	const created = create();
	const { ticket, audit } = created;
	state.idempotentRequests[key] = { digest, ticketId: ticket.id, auditId: audit.id, expiresAtMs: nowMs + lifetimeMs };
	return { ...created, lookup: 'miss' };
}
