import { randomUUID } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import type { IncomingMessage } from '../channel.ts';
import { anyOf } from '../database/any-of.ts';
import { insertRows } from '../database/insert-rows.ts';
import type { Schema } from '../database/schema.ts';

/** A message on its way into the inbox. */
export interface Arrival {
	conversationId: string;
	message: IncomingMessage;
}

/** Stores what is not stored yet, and returns that. Of the same message twice the first counts. */
export async function storeMessages(
	tx: Transaction<Schema>,
	tenantId: string,
	arrivals: readonly Arrival[],
): Promise<Arrival[]> {
	if (arrivals.length === 0) return [];
	// The conversation before its messages, as everywhere: two that lock in different orders wait for each other for ever.
	const joined = arrivals.filter(isColleaguesWord);
	if (joined.length > 0) await lockConversations(tx, conversationsOf(joined)).execute();
	// Everybody stores in the same order, so that no two wait for each other; within a conversation it is that of arrival.
	const ordered = inOrderOf(arrivals, ({ conversationId }) => conversationId);
	const byId = new Map(ordered.map(arrival => [randomUUID() as string, arrival]));
	const stored = await insertRows(
		tx,
		'messages',
		[...byId].map(([id, { conversationId, message }]) => ({
			id,
			tenant_id: tenantId,
			conversation_id: conversationId,
			external_id: message.externalId,
			author: message.author,
			author_id: message.authorId,
			is_public: message.isPublic,
			text: storable(message.text),
			written_at: message.writtenAt,
			turn_id: null,
		})),
	)
		.onConflict(conflict => conflict.columns(['conversation_id', 'external_id']).doNothing())
		.returning('id')
		.execute();
	const fresh = stored.map(({ id }) => byId.get(id) as Arrival);
	await silence(tx, fresh);
	return fresh;
}

/** In the same transaction as the message: from the moment a person is known to have spoken, the assistant is silent. */
async function silence(tx: Transaction<Schema>, fresh: readonly Arrival[]): Promise<void> {
	const joined = fresh.filter(isColleaguesWord);
	if (joined.length === 0) return;
	await tx
		.updateTable('conversations')
		.set({ held_by: 'person', updated_at: sql`now()` })
		.where(anyOf('id', conversationsOf(joined)))
		.execute();
}

/** Said to the customer by a person. */
export const isColleaguesWord = ({ message }: Arrival) => message.isPublic && message.author === 'agent';

const conversationsOf = (arrivals: readonly Arrival[]) => arrivals.map(({ conversationId }) => conversationId);

/**
 * Takes the rows of conversations, always in the same order: everything that decides about a conversation does this first, so
 * that no two wait for each other for ever. Messages may come in meanwhile.
 */
export function lockConversations(tx: Transaction<Schema>, ids: readonly string[]) {
	return tx.selectFrom('conversations').selectAll().where(anyOf('id', ids)).orderBy('id').forNoKeyUpdate();
}

/** A copy in ascending order; equal ones stay as they were. */
export function inOrderOf<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
	return [...items].sort((one, other) => {
		const [a, b] = [keyOf(one), keyOf(other)];
		return a < b ? -1 : a > b ? 1 : 0;
	});
}

/** PostgreSQL takes every character but NUL, and its JSON no half of a surrogate pair. */
export function storable<T extends string | null>(text: T): T {
	return (text?.toWellFormed().replaceAll('\0', '') ?? null) as T;
}
