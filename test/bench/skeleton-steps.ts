import { createBatch } from './batch.ts';
import type { Statement } from './skeleton-tables.ts';

/** The steps of the way of a message, each one statement for all the conversations that take it at the same time. */
export interface SkeletonSteps {
	/** Inbox row and conversation. Returns the conversation's id. */
	accept(message: { thread: string; externalId: string; text: string }): Promise<string>;
	/** Opens a turn over what is unanswered, or finds the one that was left open; none where nothing waits. */
	open(conversationId: string): Promise<OpenedTurn | undefined>;
	/** The second writing of the turn, and the outbox row, claimed by whoever writes it; none where it was concluded before. */
	conclude(turn: { id: string; answer: string }): Promise<Outgoing | undefined>;
	sent(seq: string): Promise<undefined>;
}

export interface OpenedTurn {
	id: string;
	thread: string;
	text: string;
}

export interface Outgoing {
	seq: string;
	thread: string;
	text: string;
}

export function createSkeletonSteps(run: Statement): SkeletonSteps {
	return {
		accept: createBatch(async messages => {
			const rows = await run<{ id: string; external_id: string }>('accept', acceptSql, [
				messages.map(({ thread }) => thread),
				messages.map(({ externalId }) => externalId),
				messages.map(({ text }) => text),
			]);
			const ids = new Map(rows.map(row => [row.external_id, row.id]));
			return messages.map(({ thread }) => ids.get(thread) as string);
		}),
		open: createBatch(async ids => {
			const rows = await run<OpenedTurn & { conversation_id: string }>('open', openSql, [ids]);
			const turns = new Map(rows.map(row => [row.conversation_id, row]));
			return ids.map(id => turns.get(id));
		}),
		conclude: createBatch(async turns => {
			const rows = await run<Outgoing & { turn_id: string }>('conclude', concludeSql, [
				turns.map(({ id }) => id),
				turns.map(({ answer }) => answer),
			]);
			const outgoing = new Map(rows.map(row => [row.turn_id, row]));
			return turns.map(({ id }) => outgoing.get(id));
		}),
		sent: createBatch(async seqs => {
			await run('sent', sentSql, [seqs]);
			return seqs.map(() => undefined);
		}),
	};
}

// Rows in one order everywhere: two statements that lock in different orders wait for each other for ever.
const acceptSql = `
with given as (select * from unnest($1::text[], $2::text[], $3::text[]) as given (thread, external_id, text)),
upserted as (
	insert into conversations (external_id) select distinct thread from given order by 1
	on conflict (external_id) do update set updated_at = now()
	returning id, external_id
), stored as (
	insert into inbox (conversation_id, external_id, text)
	select upserted.id, given.external_id, given.text from given join upserted on upserted.external_id = given.thread
	on conflict do nothing
)
select id, external_id from upserted`;

const openSql = `
with asked as (select distinct unnest($1::uuid[]) as conversation_id),
waiting as (
	select inbox.seq, inbox.conversation_id, inbox.text from asked join inbox using (conversation_id) where inbox.turn_id is null
), opened as (
	insert into turns (conversation_id, state) select distinct conversation_id, 'open' from waiting order by 1
	on conflict (conversation_id) where state = 'open' do update set created_at = turns.created_at
	returning id, conversation_id
), taken as (
	update inbox set turn_id = opened.id from opened, waiting
	where inbox.seq = waiting.seq and opened.conversation_id = waiting.conversation_id
), left_open as (
	select turns.id, turns.conversation_id from asked join turns using (conversation_id) where turns.state = 'open'
)
select either.id, conversation_id, conversations.external_id as thread,
	coalesce((select string_agg(text, E'\\n') from waiting where waiting.conversation_id = either.conversation_id), '') as text
from (select * from opened union select * from left_open) as either
join conversations on conversations.id = either.conversation_id`;

const concludeSql = `
with given as (select * from unnest($1::uuid[], $2::text[]) as given (id, answer)),
concluded as (
	update turns set state = 'concluded', answer = given.answer, concluded_at = now()
	from given where turns.id = given.id and turns.state = 'open'
	returning turns.id, turns.conversation_id, turns.answer
), queued as (
	insert into outbox (turn_id, conversation_id, text, state) select id, conversation_id, answer, 'sending' from concluded
	returning seq, turn_id, conversation_id, text
)
select seq, turn_id, text, conversations.external_id as thread
from queued join conversations on conversations.id = queued.conversation_id`;

const sentSql = `update outbox set state = 'sent', sent_at = now() where seq = any($1::bigint[])`;
