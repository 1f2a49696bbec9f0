import type { Macro, Trigger, Webhook } from './rules.ts';

/**
 * Everything the sandbox remembers, as plain JSON so that it can be snapshotted. Records keep the property names
 * Zendesk uses on the wire: what is stored is what is answered.
 */
export interface ZendeskState {
	/** Users, comments, audits, groups and the rest draw from one sequence, tickets from their own. */
	nextId: number;
	nextTicketId: number;
	/** Counts every change of every ticket: what the incremental export's cursor points into. */
	revision: number;
	users: Record<string, User>;
	organizations: Record<string, Organization>;
	groups: Record<string, Group>;
	ticketFields: Record<string, TicketField>;
	tickets: Record<string, Ticket>;
	/** By ticket id, oldest first. */
	comments: Record<string, Comment[]>;
	/** By ticket id, oldest first. */
	audits: Record<string, Audit[]>;
	macros: Record<string, Macro>;
	triggers: Record<string, Trigger>;
	webhooks: Record<string, Webhook>;
	uploads: Record<string, Attachment>;
	accessTokens: Record<string, AccessToken>;
	idempotentRequests: Record<string, IdempotentRequest>;
}

type Role = 'end-user' | 'agent' | 'admin';
export type TicketStatus = 'new' | 'open' | 'pending' | 'hold' | 'solved' | 'closed' | 'deleted';
type Priority = 'low' | 'normal' | 'high' | 'urgent';
export type FieldValue = string | number | boolean | string[] | null;

export interface User {
	id: number;
	name: string;
	email: string | null;
	role: Role;
	locale: string;
	locale_id: number;
	organization_id: number | null;
	external_id: string | null;
	tags: string[];
	active: boolean;
	created_at: string;
	updated_at: string;
}

export interface Organization {
	id: number;
	name: string;
	external_id: string | null;
	tags: string[];
	created_at: string;
}

export interface Group {
	id: number;
	name: string;
	default: boolean;
	created_at: string;
}

export interface TicketField {
	id: number;
	type: string;
	title: string;
	active: boolean;
	custom_field_options?: { name: string; value: string }[];
}

export interface Via {
	channel: string;
	source: { from: object; to: object; rel: string | null };
}

export interface Ticket {
	id: number;
	external_id: string | null;
	created_at: string;
	/** Whole seconds as on Zendesk, but never the same stamp twice for one ticket. */
	updated_at: string;
	/** Unix seconds of the last change by the real clock: what `start_time` of the export compares. */
	generated_timestamp: number;
	/** The value of `ZendeskState.revision` at the last change. Not on the wire. */
	revision: number;
	type: string | null;
	subject: string;
	description: string;
	priority: Priority | null;
	status: TicketStatus;
	requester_id: number;
	submitter_id: number;
	assignee_id: number | null;
	organization_id: number | null;
	group_id: number | null;
	brand_id: number;
	is_public: boolean;
	tags: string[];
	custom_fields: { id: number; value: FieldValue }[];
	via: Via;
}

export interface Attachment {
	id: number;
	file_name: string;
	content_type: string;
	content_url: string;
	size: number;
}

export interface Comment {
	id: number;
	type: 'Comment';
	audit_id: number;
	author_id: number;
	body: string;
	html_body: string;
	plain_body: string;
	public: boolean;
	attachments: Attachment[];
	via: Via;
	metadata: AuditMetadata;
	created_at: string;
}

interface AuditMetadata {
	system: Record<string, string>;
	/** What the request called `metadata`. */
	custom: Record<string, unknown>;
}

export type AuditEvent =
	| { id: number; type: 'Create'; field_name: string; value: FieldValue }
	| { id: number; type: 'Change'; field_name: string; value: FieldValue; previous_value: FieldValue }
	| ({ id: number; type: 'Comment' } & Pick<
			Comment,
			'author_id' | 'body' | 'html_body' | 'plain_body' | 'public' | 'attachments' | 'audit_id'
	  >);

/** One update of a ticket and everything it changed. */
export interface Audit {
	id: number;
	ticket_id: number;
	created_at: string;
	/** Who made the request, which is not always who the comment is shown to be from. */
	author_id: number;
	metadata: AuditMetadata;
	via: Via;
	events: AuditEvent[];
}

interface AccessToken {
	userId: number;
	expiresAtMs: number;
}

interface IdempotentRequest {
	/** Of the body, to tell a repeat from a different request under the same key. */
	digest: string;
	ticketId: number;
	auditId: number;
	expiresAtMs: number;
}

/** A helpdesk with nobody in it. Ids start where a large account's are, past 32 bits, as they do at Zendesk. */
export function emptyState(): ZendeskState {
	return {
		nextId: 8_447_000_000_001,
		nextTicketId: 1,
		revision: 0,
		users: {},
		organizations: {},
		groups: {},
		ticketFields: {},
		tickets: {},
		comments: {},
		audits: {},
		macros: {},
		triggers: {},
		webhooks: {},
		uploads: {},
		accessTokens: {},
		idempotentRequests: {},
	};
}
