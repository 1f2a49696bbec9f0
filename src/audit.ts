import { randomUUID } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import type { Schema } from './database/schema.ts';

export interface AuditEntry {
	tenantId: string;
	actor: 'assistant' | `agent:${string}` | 'operator';
	action: string;
	conversationId?: string;
	turnId?: string;
	/** Ids, figures and hashes; never a customer's words. */
	detail: Record<string, unknown>;
}

/** Writes one entry, in the transaction of what it tells of. */
export async function audit(query: Kysely<Schema> | Transaction<Schema>, entry: AuditEntry): Promise<void> {
	await query
		.insertInto('audit')
		.values({
			id: randomUUID(),
			tenant_id: entry.tenantId,
			actor: entry.actor,
			action: entry.action,
			conversation_id: entry.conversationId ?? null,
			turn_id: entry.turnId ?? null,
			detail: JSON.stringify(entry.detail),
		})
		.execute();
}
