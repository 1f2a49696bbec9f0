import { createHash } from 'node:crypto';

/**
 * How long the simulated model thinks about a ticket: 1 to 3 s, drawn from the ticket's id, so that the harness knows it
 * without being told.
 */
export function modelTimeMs(ticketId: string): number {
	const drawn = createHash('sha256').update(ticketId).digest().readUInt32BE() / 2 ** 32;
	return 1000 + 2000 * drawn;
}
