import { z } from 'zod';

/** Wire shapes: only the fields that are read, everything else passes by. Ids are numbers in the API, strings in webhooks. */

const Id = z.union([z.number(), z.string()]).transform(String);
const NullableId = Id.nullish().transform(id => id ?? null);

export const OauthToken = z.object({ access_token: z.string(), expires_in: z.number().optional() });

export const Ticket = z.object({
	id: Id,
	subject: z.string().nullish(),
	status: z.string(),
	tags: z.array(z.string()),
	requester_id: Id,
	organization_id: NullableId,
	updated_at: z.string(),
});
export type Ticket = z.infer<typeof Ticket>;

export const User = z.object({
	id: Id,
	name: z.string().nullish(),
	email: z.string().nullish(),
	locale: z.string().nullish(),
	role: z.string().nullish(),
	organization_id: NullableId,
});
export type User = z.infer<typeof User>;

export const Me = z.object({ user: User });

const CommentMetadata = z.object({ custom: z.object({ understudy_key: z.string().optional() }).nullish() }).nullish();

export const Comment = z.object({
	id: Id,
	author_id: Id,
	public: z.boolean(),
	body: z.string().nullish(),
	plain_body: z.string().nullish(),
	created_at: z.string(),
	metadata: CommentMetadata,
});
export type Comment = z.infer<typeof Comment>;

export const CommentsPage = z.object({
	comments: z.array(Comment),
	users: z.array(User).optional(),
	meta: z.object({ has_more: z.boolean() }).optional(),
	links: z.object({ next: z.string().nullish() }).optional(),
});

const AuditEvent = z.object({ id: Id.optional(), type: z.string() });

export const Audit = z.object({
	id: Id,
	events: z.array(AuditEvent),
	metadata: CommentMetadata,
});
export type Audit = z.infer<typeof Audit>;

export const AuditsPage = z.object({
	audits: z.array(Audit),
	meta: z.object({ has_more: z.boolean() }).optional(),
	links: z.object({ next: z.string().nullish() }).optional(),
});

export const TicketUpdate = z.object({ ticket: Ticket, audit: Audit });

const WebhookDetail = z.object({
	id: Id,
	actor_id: Id,
	requester_id: Id,
	organization_id: NullableId,
	subject: z.string().nullish(),
	status: z.string().optional(),
	tags: z.array(z.string()).optional(),
});

/** What an event subscription delivers. */
export const EventEnvelope = z.object({
	id: z.string(),
	type: z.string().startsWith('zen:event-type:ticket.'),
	time: z.string(),
	detail: WebhookDetail,
	event: z.looseObject({}),
});
export type EventEnvelope = z.infer<typeof EventEnvelope>;

export const CommentAdded = z.object({
	comment: z.object({
		id: Id,
		body: z.string(),
		is_public: z.boolean(),
		author: z.object({ id: Id, is_staff: z.boolean() }),
	}),
});

export const StatusChanged = z.object({ current: z.string() });

export const TagsChanged = z.object({ tags_added: z.array(z.string()).default([]) });

/** What a trigger of ours delivers: the body that `provision` writes into it. */
export const TriggerPayload = z.object({
	understudy: z.literal('ticket'),
	ticket_id: Id,
	requester_id: Id,
	organization_id: z.union([NullableId, z.literal('')]).optional(),
	current_user_id: Id,
	subject: z.string().optional(),
	status: z.string(),
	tags: z.string(),
	updated_at: z.string(),
});
export type TriggerPayload = z.infer<typeof TriggerPayload>;
