import type { ColumnType, Generated } from 'kysely';
import type { Author, RejectReason } from '../conversation.ts';
import type { Language } from '../language.ts';

/** The tables as Kysely types them; `migrations.ts` makes them. Every row belongs to one tenant. */
export interface Schema {
	conversations: ConversationTable;
	messages: MessageTable;
	events: EventTable;
	turns: TurnTable;
	drafts: DraftTable;
	outcomes: OutcomeTable;
	deliveries: DeliveryTable;
	articles: ArticleTable;
	chunks: ChunkTable;
	candidates: CandidateTable;
	audit: AuditTable;
	audit_pending: AuditPendingTable;
	audit_seals: AuditSealTable;
	dead_letters: DeadLetterTable;
}

type CreatedAt = ColumnType<Date, Date | undefined, never>;
// Read as whatever was stored: each column's owner parses or knows its own shape.
type Json<T> = ColumnType<T, JsonText, JsonText>;
type NullableJson<T> = ColumnType<T | null, JsonText | null | undefined, JsonText | null>;

declare const isJson: unique symbol;
/** What a JSON column takes; made by `toJson`. */
export type JsonText = string & { readonly [isJson]: true };

export const toJson = (value: unknown): JsonText => JSON.stringify(value) as JsonText;

interface ConversationTable {
	id: string;
	tenant_id: string;
	channel: string;
	external_id: string;
	requester_id: string;
	requester_name: string | null;
	requester_email: string | null;
	requester_locale: string | null;
	organization_id: string | null;
	subject: string | null;
	language: Language | null;
	held_by: ColumnType<'assistant' | 'person', 'assistant' | 'person' | undefined, 'assistant' | 'person'>;
	status: ColumnType<
		'open' | 'solved' | 'closed',
		'open' | 'solved' | 'closed' | undefined,
		'open' | 'solved' | 'closed'
	>;
	/** Solved, and not yet looked at for what can be learnt from it. */
	harvest_due_since: ColumnType<Date | null, Date | null | undefined, Date | null>;
	created_at: CreatedAt;
	updated_at: ColumnType<Date, Date | undefined, Date>;
}

/** The inbox: what was said, once each. */
interface MessageTable {
	/** Order of arrival. */
	seq: Generated<string>;
	id: string;
	tenant_id: string;
	conversation_id: string;
	external_id: string;
	author: Author;
	author_id: string;
	is_public: boolean;
	text: string;
	written_at: ColumnType<Date, Date, Date>;
	received_at: CreatedAt;
	/** The turn that handles it; null while nobody has looked. */
	turn_id: string | null;
}

/** Every vendor event that was accepted: what makes a second delivery change nothing, and the work it asks for. */
interface EventTable {
	seq: Generated<string>;
	id: string;
	tenant_id: string;
	channel: string;
	vendor_event_id: string;
	conversation_id: string;
	kind: string;
	payload: Json<unknown>;
	received_at: CreatedAt;
	handled_at: Date | null;
}

interface TurnTable {
	id: string;
	tenant_id: string;
	conversation_id: string;
	state: 'open' | 'concluded';
	/** How many runs gave up on it with an error. */
	failures: ColumnType<number, number | undefined, number>;
	language: Language | null;
	intent: string | null;
	tier: number | null;
	confidence: number | null;
	/** Each step's result, as the step left it. */
	triage: NullableJson<unknown>;
	passages: NullableJson<unknown>;
	answer: NullableJson<unknown>;
	decision: NullableJson<unknown>;
	created_at: CreatedAt;
	concluded_at: Date | null;
}

interface DraftTable {
	id: string;
	tenant_id: string;
	conversation_id: string;
	turn_id: string;
	language: Language;
	text: string;
	citations: Json<unknown>;
	/** The vendor's id of the last public message it answers: a newer one makes it stale. */
	based_on: string;
	state: 'pending' | 'claimed' | 'sent' | 'rejected' | 'stale';
	decided_by: string | null;
	reason: RejectReason | string | null;
	created_at: CreatedAt;
	decided_at: Date | null;
}

interface OutcomeTable {
	id: string;
	tenant_id: string;
	turn_id: string;
	draft_id: string | null;
	kind: 'answered' | 'handed_over' | 'approved' | 'edited' | 'rejected' | 'stale' | 'replaced' | 'reopened';
	detail: Json<unknown>;
	created_at: CreatedAt;
}

/** The outbox: what shall be done outside, once each. */
interface DeliveryTable {
	/** Order within the conversation. */
	seq: Generated<string>;
	/** Also the idempotency key: the marker that is looked up before anything is sent a second time. */
	id: string;
	tenant_id: string;
	conversation_id: string;
	turn_id: string | null;
	draft_id: string | null;
	kind: 'reply' | 'note' | 'hand_over' | 'settle_review';
	payload: Json<unknown>;
	state: 'queued' | 'sending' | 'ambiguous' | 'sent' | 'stale' | 'failed';
	attempts: ColumnType<number, number | undefined, number>;
	/** While `sending`: until when the sender is presumed alive. While `queued`: not before. */
	due_at: ColumnType<Date, Date | undefined, Date>;
	/** The version of the thread it was decided on, where no later change can bear the same. */
	thread_stamp: ColumnType<string | null, string | null | undefined, never>;
	external_id: string | null;
	error: string | null;
	created_at: CreatedAt;
	sent_at: Date | null;
}

interface ArticleTable {
	id: string;
	tenant_id: string;
	language: Language;
	title: string;
	body: string;
	category: string | null;
	audience: string;
	state: 'published' | 'retired';
	url: string | null;
	source: 'file' | 'ticket';
	/** Which file, or which ticket. */
	source_ref: string;
	/** Who wrote it: for a harvested article the agent. */
	author: string | null;
	content_hash: string;
	/** Rises with every change: what an index compares to know that it is behind. */
	version: ColumnType<number, number | undefined, number>;
	/** The version that `chunks` holds; 0 before the first. */
	indexed_version: ColumnType<number, number | undefined, number>;
	expires_at: Date | null;
	created_at: CreatedAt;
	updated_at: ColumnType<Date, Date | undefined, Date>;
}

interface ChunkTable {
	tenant_id: string;
	article_id: string;
	ordinal: number;
	headings: Json<string[]>;
	text: string;
}

interface CandidateTable {
	id: string;
	tenant_id: string;
	/** None once the conversation has been deleted. */
	conversation_id: string | null;
	language: Language;
	title: string;
	question: string;
	answer: string;
	intent: string | null;
	audience: string;
	state: 'staged' | 'published' | 'joined' | 'discarded';
	/** What a person should know before publishing, such as contradictions. */
	flags: Json<unknown>;
	/** The helpdesk's id of the ticket, and of the agent who solved it. */
	ticket_ref: string;
	agent_id: string;
	article_id: string | null;
	reason: string | null;
	created_at: CreatedAt;
	decided_at: Date | null;
}

interface AuditTable {
	seq: Generated<string>;
	id: string;
	tenant_id: string;
	at: CreatedAt;
	/** `assistant`, `agent:<id>`, or `operator`. */
	actor: string;
	action: string;
	conversation_id: string | null;
	turn_id: string | null;
	/** Ids, figures and hashes; never a customer's words. */
	detail: Json<unknown>;
}

/** Work that keeps failing for a reason of its own. */
interface DeadLetterTable {
	id: string;
	tenant_id: string;
	stage: string;
	/** What the work is about, as `tickKey` names it. */
	key: string;
	payload: Json<unknown>;
	/** How many runs gave up, each after several tries. */
	failures: ColumnType<number, number | undefined, number>;
	/** `dead` is left alone until somebody retries it. */
	state: ColumnType<'failing' | 'dead', 'failing' | 'dead' | undefined, 'failing' | 'dead'>;
	error: string;
	first_failed_at: CreatedAt;
	last_failed_at: ColumnType<Date, Date | undefined, Date>;
}

/** Entries that no seal covers yet. */
interface AuditPendingTable {
	tenant_id: string;
	seq: string;
}

/** A stretch of the chain: the entries it covers, the hash of each, and one hash over them and the seal before. */
interface AuditSealTable {
	tenant_id: string;
	no: string;
	seqs: string[];
	hashes: string[];
	hash: string;
	sealed_at: CreatedAt;
}
