import { setPriority } from 'node:os';
import type { Settings } from './config.ts';

/** Of 0 to 19, as `nice` counts; with 5 a process gets a third of what another gets where both want all of a core. */
const niceness = 5;

/**
 * Where workers share a machine with those who take webhooks, and with the database, these go first: a vendor waits for its
 * acknowledgement, a conversation can.
 */
export function giveWay(role: Settings['ROLE']): void {
	if (role === 'worker') setPriority(niceness);
}
