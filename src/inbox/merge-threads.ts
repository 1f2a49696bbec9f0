import { sql, type Transaction } from 'kysely';
import type { IncomingMessage, Thread } from '../channel.ts';
import type { Conversation } from '../conversation.ts';
import { toConversation } from '../conversations.ts';
import { anyOf } from '../database/any-of.ts';
import { recordset } from '../database/recordset.ts';
import type { Schema } from '../database/schema.ts';
import { together } from '../database/together.ts';
import { type Arrival, isColleaguesWord, lockConversations, storable, storeMessages } from './store-messages.ts';

/** A conversation as it is stored, and its thread as the vendor has it. */
export interface ThreadRead {
	conversation: Conversation;
	thread: Thread;
}

export interface Merged {
	/** As it now is. */
	conversation: Conversation;
	/** Public messages that no webhook had told. */
	arrivals: IncomingMessage[];
}

/** Stores what reads of threads show and the webhooks did not tell. */
export async function mergeThreads(
	tx: Transaction<Schema>,
	tenantId: string,
	reads: readonly ThreadRead[],
): Promise<Merged[]> {
	const ids = reads.map(({ conversation }) => conversation.id);
	const [rows, knownRows] = await together(tx, lockConversations(tx, ids), selectKnown(tx, ids));
	const stored = new Map(rows.map(row => [row.id, toConversation(row)]));
	const merged = reads.map(({ conversation, thread }) =>
		withThread(stored.get(conversation.id) ?? conversation, thread),
	);
	await updateConversations(
		tx,
		merged.filter(conversation => !isSame(conversation, stored.get(conversation.id))),
		reads.filter(isNewlySolved).map(({ conversation }) => conversation.id),
	);
	const known = new Map(
		knownRows.map(row => [messageKey(row.conversation_id, row.external_id), row.written_at.getTime()]),
	);
	const unknown: Arrival[] = [];
	const moved: Arrival[] = [];
	for (const { conversation, thread } of reads) {
		for (const message of thread.messages) {
			const writtenAt = known.get(messageKey(conversation.id, message.externalId));
			const arrival = { conversationId: conversation.id, message };
			if (writtenAt === undefined) unknown.push(arrival);
			else if (writtenAt !== message.writtenAt.getTime()) moved.push(arrival);
		}
	}
	const fresh = await storeMessages(tx, tenantId, unknown);
	await correctTimes(tx, moved);
	const byConversation = Map.groupBy(fresh, ({ conversationId }) => conversationId);
	return merged.map(conversation => {
		const arrivals = byConversation.get(conversation.id) ?? [];
		return {
			conversation: arrivals.some(isColleaguesWord) ? { ...conversation, heldBy: 'person' } : conversation,
			arrivals: arrivals.map(({ message }) => message).filter(({ isPublic }) => isPublic),
		};
	});
}

/** Solved or closed since we last looked. */
export const isNewlySolved = ({ conversation, thread }: ThreadRead) =>
	thread.status !== 'open' && conversation.status === 'open';

function withThread(conversation: Conversation, { requester, subject, status }: Thread): Conversation {
	return {
		...conversation,
		requester: { ...requester, name: storable(requester.name), email: storable(requester.email) },
		subject: storable(subject),
		status,
	};
}

const isSame = (one: Conversation, other: Conversation | undefined) =>
	other !== undefined &&
	one.subject === other.subject &&
	one.status === other.status &&
	one.requester.id === other.requester.id &&
	one.requester.name === other.requester.name &&
	one.requester.email === other.requester.email &&
	one.requester.locale === other.requester.locale &&
	one.requester.organizationId === other.requester.organizationId;

const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

const conversationColumns = {
	id: 'uuid',
	requester_id: 'text',
	name: 'text',
	email: 'text',
	locale: 'text',
	organization_id: 'text',
	subject: 'text',
	status: 'text',
};

async function updateConversations(
	tx: Transaction<Schema>,
	conversations: readonly Conversation[],
	newlySolved: readonly string[],
): Promise<void> {
	if (conversations.length > 0) {
		const rows = conversations.map(({ id, subject, status, requester }) => ({
			id,
			requester_id: requester.id,
			name: requester.name,
			email: requester.email,
			locale: requester.locale,
			organization_id: requester.organizationId,
			subject,
			status,
		}));
		const seen = recordset('seen', conversationColumns, rows);
		await sql`
			update conversations set requester_id = seen.requester_id, requester_name = seen.name, requester_email = seen.email,
				requester_locale = seen.locale, organization_id = seen.organization_id, subject = seen.subject,
				status = seen.status, updated_at = now()
			from ${seen} where conversations.id = seen.id and conversations.id = any(${idsOf(rows)}::uuid[])`.execute(tx);
	}
	if (newlySolved.length > 0) {
		await tx
			.updateTable('conversations')
			.set({ harvest_due_since: new Date() })
			.where(anyOf('id', newlySolved))
			.execute();
	}
}

const messageKey = (conversationId: string, externalId: string) => `${conversationId}/${externalId}`;

/** When each stored message was written, as far as is known. */
function selectKnown(tx: Transaction<Schema>, conversationIds: readonly string[]) {
	return tx
		.selectFrom('messages')
		.select(['conversation_id', 'external_id', 'written_at'])
		.where(anyOf('conversation_id', conversationIds));
}

/** A webhook dates a message by its own time; the thread knows better, and every order is made by the thread's clock. */
async function correctTimes(tx: Transaction<Schema>, moved: readonly Arrival[]): Promise<void> {
	if (moved.length === 0) return;
	const rows = moved.map(({ conversationId, message }) => ({
		conversation_id: conversationId,
		external_id: message.externalId,
		written_at: message.writtenAt,
	}));
	const seen = recordset('seen', { conversation_id: 'uuid', external_id: 'text', written_at: 'timestamptz' }, rows);
	await sql`
		update messages set written_at = seen.written_at from ${seen}
		where messages.conversation_id = seen.conversation_id and messages.external_id = seen.external_id
			and messages.conversation_id = any(${rows.map(row => row.conversation_id)}::uuid[])`.execute(tx);
}
