import { type RawBuilder, sql } from 'kysely';
import type { Schema } from '../database/schema.ts';
import type { Policy } from '../policy/policy.ts';

/** What is kept for a period of its own. */
export type Kind = keyof Policy['retention'];

/** Rows of one table that go by age. */
export interface Deletable {
	kind: Exclude<Kind, 'audit'>;
	table: keyof Schema;
	idType: 'uuid' | 'text';
	/** Whether a row is over and done with, and has been since before `before`. */
	isOver(before: Date): RawBuilder<boolean>;
}

/** In the order they are deleted: an article before the candidates that only it kept. */
export const deletables: readonly Deletable[] = [
	{
		kind: 'events',
		table: 'events',
		idType: 'uuid',
		isOver: before => sql`handled_at is not null and received_at < ${before}`,
	},
	{
		kind: 'conversations',
		table: 'conversations',
		idType: 'uuid',
		// All that hangs on it goes with it, so nothing in it may be young, wait for us, or wait for a person.
		isOver: before => sql`status <> 'open' and updated_at < ${before} and harvest_due_since is null
			and not exists (
				select from messages where conversation_id = conversations.id
					and (received_at >= ${before} or (turn_id is null and author = 'customer' and is_public))
			)
			and not exists (
				select from events where conversation_id = conversations.id and (received_at >= ${before} or handled_at is null)
			)
			and not exists (select from turns where conversation_id = conversations.id and state = 'open')
			and not exists (select from drafts where conversation_id = conversations.id and state = 'pending')
			and not exists (
				select from deliveries where conversation_id = conversations.id and state in ('queued', 'sending', 'ambiguous')
			)
			and not exists (select from dead_letters where key = conversations.id::text and state = 'dead')`,
	},
	{
		kind: 'articles',
		table: 'articles',
		idType: 'text',
		isOver: before => sql`state = 'retired' and version = indexed_version and updated_at < ${before}`,
	},
	{
		kind: 'candidates',
		table: 'candidates',
		idType: 'uuid',
		isOver: before => sql`state <> 'staged' and decided_at < ${before} and not exists (
			select from articles where articles.tenant_id = candidates.tenant_id and articles.id = candidates.article_id
		)`,
	},
	{
		kind: 'deadLetters',
		table: 'dead_letters',
		idType: 'uuid',
		isOver: before => sql`state = 'failing' and last_failed_at < ${before}`,
	},
];
