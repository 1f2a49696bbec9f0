import { randomUUID } from 'node:crypto';
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import { recordset } from '../database/recordset.ts';
import type { Schema } from '../database/schema.ts';

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
 * Writes entries, in the transaction of what they tell of. They wait for nobody: the chain is closed over them later, by
 * `seal-audit`.
 */
export async function audit(query: Kysely<Schema> | Transaction<Schema>, ...entries: AuditEntry[]): Promise<void> {
	await insertAudit(entries)?.execute(query);
}

/** The same as a statement, to be sent with others. */
export function insertAudit(entries: readonly AuditEntry[]): RawBuilder<unknown> | undefined {
	if (entries.length === 0) return undefined;
	const rows = entries.map(({ tenantId, actor, action, conversationId = null, turnId = null, detail }) => ({
		id: randomUUID(),
		tenant_id: tenantId,
		actor,
		action,
		conversation_id: conversationId,
		turn_id: turnId,
		detail,
	}));
	return sql`
		with entry as (
			insert into audit (id, tenant_id, actor, action, conversation_id, turn_id, detail)
			select * from ${recordset('written', columns, rows)}
			returning tenant_id, seq
		)
		insert into audit_pending select tenant_id, seq from entry`;
}

const columns = {
	id: 'uuid',
	tenant_id: 'text',
	actor: 'text',
	action: 'text',
	conversation_id: 'uuid',
	turn_id: 'uuid',
	detail: 'jsonb',
};
