import { z } from 'zod';

/** What clients may send, parsed to the members the sandbox acts on; Zendesk ignores what it does not know, so does this. */

const Id = z.coerce.number().int().positive();
const Tags = z.union([z.array(z.string()), z.string().transform(text => text.split(/[\s,]+/))]);
const Flag = z.union([z.boolean(), z.enum(['true', 'false']).transform(text => text === 'true')]);
const CustomFieldValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]);

const CommentInput = z.object({
	body: z.string().optional(),
	html_body: z.string().optional(),
	public: Flag.optional(),
	author_id: Id.optional(),
	uploads: z.array(z.string()).optional(),
});
export type CommentInput = z.infer<typeof CommentInput>;

const TicketAttributes = z.object({
	subject: z.string().optional(),
	type: z.enum(['problem', 'incident', 'question', 'task']).nullish(),
	priority: z.enum(['low', 'normal', 'high', 'urgent']).nullish(),
	status: z.enum(['new', 'open', 'pending', 'hold', 'solved', 'closed']).optional(),
	assignee_id: Id.nullish(),
	group_id: Id.nullish(),
	external_id: z.coerce.string().nullish(),
	tags: Tags.optional(),
	custom_fields: z.array(z.object({ id: Id, value: CustomFieldValue })).optional(),
	/** Kept as `metadata.custom` of the audit. */
	metadata: z.record(z.string(), z.unknown()).optional(),
	comment: CommentInput.optional(),
});

export const TicketInput = TicketAttributes.extend({
	description: z.string().optional(),
	requester: z
		.object({
			name: z.string().optional(),
			email: z.string().optional(),
			locale_id: z.coerce.number().optional(),
			locale: z.string().optional(),
		})
		.optional(),
	requester_id: Id.optional(),
	submitter_id: Id.optional(),
	organization_id: Id.optional(),
	via: z.object({ channel: z.string() }).optional(),
});
export type TicketInput = z.infer<typeof TicketInput>;

export const TicketChange = TicketAttributes.extend({
	additional_tags: Tags.optional(),
	remove_tags: Tags.optional(),
	safe_update: Flag.optional(),
	updated_stamp: z.string().optional(),
});
export type TicketChange = z.infer<typeof TicketChange>;

export const TagsInput = z.object({
	tags: Tags.default([]),
	safe_update: Flag.optional(),
	updated_stamp: z.string().optional(),
});

export const UserInput = z.object({
	name: z.string().optional(),
	email: z.string().optional(),
	role: z.enum(['end-user', 'agent', 'admin']).optional(),
	locale: z.string().optional(),
	locale_id: z.coerce.number().optional(),
	organization_id: Id.nullish(),
	external_id: z.coerce.string().nullish(),
	tags: Tags.optional(),
});
export type UserInput = z.infer<typeof UserInput>;

const Action = z.object({ field: z.string(), value: z.union([z.string(), z.array(z.string())]) });

export const MacroInput = z.object({
	title: z.string().min(1),
	description: z.string().nullish(),
	active: z.boolean().default(true),
	actions: z.array(Action).min(1),
});
export type MacroInput = z.infer<typeof MacroInput>;

const Condition = z.object({
	field: z.string(),
	operator: z.string().default('is'),
	value: z.union([z.string(), z.number(), z.boolean(), z.null()]).default(null),
});

export const TriggerInput = z.object({
	title: z.string().min(1),
	active: z.boolean().default(true),
	conditions: z.object({ all: z.array(Condition).default([]), any: z.array(Condition).default([]) }),
	actions: z.array(Action).min(1),
});
export type TriggerInput = z.infer<typeof TriggerInput>;

export const WebhookInput = z.object({
	name: z.string().default('webhook'),
	endpoint: z.url(),
	http_method: z.string().default('POST'),
	request_format: z.string().default('json'),
	status: z.enum(['active', 'inactive']).default('active'),
	subscriptions: z.array(z.string()).default([]),
});
export type WebhookInput = z.infer<typeof WebhookInput>;

export const WebhookChange = z.object({
	name: z.string().optional(),
	endpoint: z.url().optional(),
	status: z.enum(['active', 'inactive']).optional(),
});

export const TicketFieldInput = z.object({
	type: z.string().default('text'),
	title: z.string().min(1),
	active: z.boolean().default(true),
	custom_field_options: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
});
export type TicketFieldInput = z.infer<typeof TicketFieldInput>;

export const TokenRequest = z.object({
	grant_type: z.string(),
	client_id: z.string(),
	client_secret: z.string(),
	scope: z.string().default('read write'),
	expires_in: z.coerce.number().int().min(300).max(172_800).default(7200),
});
