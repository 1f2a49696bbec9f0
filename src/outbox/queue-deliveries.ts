import { randomUUID } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import type { Conversation } from '../conversation.ts';
import { fromNow } from '../database/from-now.ts';
import { insertRows } from '../database/insert-rows.ts';
import type { Schema } from '../database/schema.ts';

/** A row of the outbox in the making. */
export interface QueuedDelivery {
	conversation: Pick<Conversation, 'id' | 'tenantId'>;
	kind: Schema['deliveries']['kind'];
	turnId?: string | null;
	draftId?: string;
	payload: object;
	stamp?: string | undefined;
}

/** Adds rows to the outbox, in order. A second one of the same kind for the same turn or draft changes nothing. */
export async function queueDeliveries(tx: Transaction<Schema>, ...deliveries: QueuedDelivery[]): Promise<void> {
	await insertDeliveries(tx, deliveries.map(deliveryRow))?.execute();
}

export type DeliveryRow = ReturnType<typeof deliveryRow>;

export const deliveryRow = ({ conversation, kind, turnId, draftId, payload, stamp }: QueuedDelivery) => ({
	id: randomUUID() as string,
	tenant_id: conversation.tenantId,
	conversation_id: conversation.id,
	turn_id: turnId ?? null,
	draft_id: draftId ?? null,
	kind,
	payload,
	thread_stamp: stamp ?? null,
	state: 'queued' as Schema['deliveries']['state'],
	attempts: 0,
});

/** @param leaseMs how long a row that is written as `sending` is left to whoever sends it. */
export function insertDeliveries(tx: Transaction<Schema>, rows: readonly DeliveryRow[], leaseMs = 0) {
	if (rows.length === 0) return undefined;
	const due = sql`case state when 'sending' then ${fromNow(leaseMs)} else now() end`;
	const whole = rows.map(row => ({ ...row, external_id: null, error: null, sent_at: null }));
	return insertRows(tx, 'deliveries', whole, { due_at: due }).onConflict(conflict => conflict.doNothing());
}
