import type { Kysely, Selectable } from 'kysely';
import type { Conversation, Message } from './conversation.ts';
import { anyOf } from './database/any-of.ts';
import type { Schema } from './database/schema.ts';
import { messageOrder } from './inbox/message-order.ts';

/** Reads conversations, in the order of their ids. @throws where there is none of an id: ids come from our own rows. */
export async function readConversations(query: Kysely<Schema>, ids: readonly string[]): Promise<Conversation[]> {
	return inOrderOfIds(await selectConversations(query, ids).execute(), ids);
}

export function selectConversations(query: Kysely<Schema>, ids: readonly string[]) {
	return query.selectFrom('conversations').selectAll().where(anyOf('id', ids));
}

/** @throws where there is no row of an id. */
export function inOrderOfIds(rows: readonly ConversationRow[], ids: readonly string[]): Conversation[] {
	const found = new Map(rows.map(row => [row.id, toConversation(row)]));
	return ids.map(id => {
		const conversation = found.get(id);
		if (!conversation) throw new Error(`there is no conversation ${id}`);
		return conversation;
	});
}

/** The messages of a conversation as they were written, oldest first. */
export async function readMessages(query: Kysely<Schema>, conversationId: string): Promise<Message[]> {
	const rows = await query
		.selectFrom('messages')
		.selectAll()
		.where('conversation_id', '=', conversationId)
		.orderBy(messageOrder())
		.execute();
	return rows.map(toMessage);
}

/** What a conversation is read from; its times may be of any shape. */
export type ConversationRow = Omit<
	Selectable<Schema['conversations']>,
	'harvest_due_since' | 'created_at' | 'updated_at'
>;

export function toConversation(row: ConversationRow): Conversation {
	return {
		id: row.id,
		tenantId: row.tenant_id,
		channel: row.channel,
		externalId: row.external_id,
		requester: {
			id: row.requester_id,
			name: row.requester_name,
			email: row.requester_email,
			locale: row.requester_locale,
			organizationId: row.organization_id,
		},
		subject: row.subject,
		language: row.language,
		heldBy: row.held_by,
		status: row.status,
	};
}

export function toMessage(row: Selectable<Schema['messages']>): Message {
	return {
		id: row.id,
		externalId: row.external_id,
		author: row.author,
		authorId: row.author_id,
		isPublic: row.is_public,
		text: row.text,
		writtenAt: row.written_at,
	};
}
