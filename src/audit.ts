import { randomUUID } from 'node:crypto';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Schema } from './database/schema.ts';

/** What the trail says: who did what to what, having seen what. */
export interface AuditEntry {
	tenantId: string;
	actor: 'assistant' | `agent:${string}` | 'operator';
	action: string;
	conversationId?: string;
	turnId?: string;
	/** Ids, figures and hashes; never a customer's words. */
	detail: Record<string, unknown>;
}

/**
 * Writes one entry, in the transaction of what it tells of. It waits for nobody: the chain is closed over it later, by
 * `seal-audit`.
 */
export async function audit(query: Kysely<Schema> | Transaction<Schema>, entry: AuditEntry): Promise<void> {
	const { tenantId, actor, action, conversationId = null, turnId = null, detail } = entry;
	await sql`
		with entry as (
			insert into audit (id, tenant_id, actor, action, conversation_id, turn_id, detail)
			values (${randomUUID()}, ${tenantId}, ${actor}, ${action}, ${conversationId}, ${turnId}, ${JSON.stringify(detail)})
			returning tenant_id, seq
		)
		insert into audit_pending select tenant_id, seq from entry`.execute(query);
}
