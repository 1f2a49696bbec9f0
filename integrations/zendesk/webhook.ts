import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { ChannelEvent, IncomingMessage, Received, Verdict, WebhookRequest } from '../../src/channel.ts';
import type { Conversation } from '../../src/conversation.ts';
import { tags, verdictOf } from './review-tags.ts';
import { CommentAdded, EventEnvelope, StatusChanged, TagsChanged, TriggerPayload } from './schema.ts';

export interface WebhookOptions {
	secret: string;
	/** Our own user at Zendesk: what it does must not come back to us as news. Undefined until it is known. */
	botId: () => string | undefined;
	now: () => number;
}

/** A signature older than this is refused. Zendesk documents no window; its own retries end well within it. */
const freshMs = 30 * 60_000;

/** Verifies the signature and reads either payload mode: an event subscription's envelope, or a trigger's body of ours. */
export function readWebhook(request: WebhookRequest, options: WebhookOptions): Received {
	const fault = signatureFault(request, options);
	if (fault) return { kind: 'refused', status: 401, reason: fault };
	let body: unknown;
	try {
		body = JSON.parse(request.body);
	} catch {
		return { kind: 'refused', status: 400, reason: 'the body is not JSON' };
	}
	const trigger = TriggerPayload.safeParse(body);
	if (trigger.success) return { kind: 'events', events: readTrigger(trigger.data, options) };
	const envelope = EventEnvelope.safeParse(body);
	if (envelope.success) return { kind: 'events', events: readEnvelope(envelope.data, options) };
	return { kind: 'refused', status: 400, reason: 'neither a ticket event nor the payload of an Understudy trigger' };
}

function signatureFault({ headers, body }: WebhookRequest, { secret, now }: WebhookOptions): string | undefined {
	const signature = headers.get('x-zendesk-webhook-signature');
	const timestamp = headers.get('x-zendesk-webhook-signature-timestamp');
	if (!signature || !timestamp) return 'the signature headers are missing';
	const expected = createHmac('sha256', secret)
		.update(timestamp + body)
		.digest();
	const given = Buffer.from(signature, 'base64');
	if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'the signature does not match';
	const age = Math.abs(now() - Date.parse(timestamp));
	// Not a number, too, is not fresh.
	if (!(age <= freshMs)) return 'the signature is too old';
	return undefined;
}

function readEnvelope({ id, type, time, detail, event }: EventEnvelope, { botId }: WebhookOptions): ChannelEvent[] {
	const thread = {
		externalId: detail.id,
		requesterId: detail.requester_id,
		...(detail.subject ? { subject: detail.subject } : {}),
		...(detail.organization_id ? { organizationId: detail.organization_id } : {}),
	};
	const base = { vendorEventId: id, thread };
	const actorId = detail.actor_id;
	switch (type) {
		case 'zen:event-type:ticket.comment_added': {
			const parsed = CommentAdded.safeParse(event);
			// A shape we do not know still says that something happened; so does a colleague's comment while we do not know
			// which of the colleagues is us.
			if (!parsed.success || (botId() === undefined && parsed.data.comment.author.is_staff)) {
				return [{ ...base, kind: 'changed' }];
			}
			const { comment } = parsed.data;
			const isColleague = comment.author.is_staff && comment.author.id !== detail.requester_id;
			// An approved draft shows the agent as its author; who acted tells that it was us.
			const isOurs = botId() !== undefined && (actorId === botId() || comment.author.id === botId());
			const message: IncomingMessage = {
				externalId: comment.id,
				author: isOurs ? 'assistant' : isColleague ? 'agent' : 'customer',
				authorId: comment.author.id,
				isPublic: comment.is_public,
				text: comment.body,
				writtenAt: toTheSecond(time),
			};
			return [{ ...base, kind: 'message', message }];
		}
		case 'zen:event-type:ticket.tags_changed': {
			if (actorId === botId()) return [];
			const tagged = TagsChanged.safeParse(event);
			return tagged.success ? readTags(tagged.data.tags_added, base, actorId) : [{ ...base, kind: 'changed' }];
		}
		case 'zen:event-type:ticket.status_changed': {
			const changed = StatusChanged.safeParse(event);
			if (!changed.success) return [{ ...base, kind: 'changed' }];
			const status = statusOf(changed.data.current);
			const by = actorId === botId() ? 'assistant' : actorId === detail.requester_id ? 'customer' : 'agent';
			return [{ ...base, kind: 'status', status, actorId, by }];
		}
		case 'zen:event-type:ticket.created':
			return [{ ...base, kind: 'changed' }];
		default:
			return [];
	}
}

/** A comment's own time, which the thread shows, has no fractions; the same here, so that it need not be corrected. */
function toTheSecond(time: string): Date {
	const ms = Date.parse(time);
	return new Date(1000 * Math.floor((Number.isNaN(ms) ? Date.now() : ms) / 1000));
}

/** A trigger tells which ticket, and what it looks like now; the thread itself is read for the rest. */
function readTrigger(payload: TriggerPayload, { botId }: WebhookOptions): ChannelEvent[] {
	if (payload.current_user_id === botId()) return [];
	const base = {
		// A trigger's payload has no id of its own. A second delivery is the same bytes, so it has the same fingerprint.
		vendorEventId: `trigger-${createHash('sha256').update(JSON.stringify(payload)).digest('hex').slice(0, 32)}`,
		thread: {
			externalId: payload.ticket_id,
			requesterId: payload.requester_id,
			...(payload.subject ? { subject: payload.subject } : {}),
			...(payload.organization_id ? { organizationId: payload.organization_id } : {}),
		},
	};
	// A customer's update of a ticket that still bears a verdict's tag is no verdict.
	const isCustomer = payload.current_user_id === payload.requester_id;
	const reviewed = isCustomer ? [] : readTags(payload.tags.split(/\s+/), base, payload.current_user_id);
	const status = statusOf(payload.status);
	const by = isCustomer ? 'customer' : 'agent';
	return [
		{ ...base, kind: 'changed' },
		...reviewed.map(event => ({ ...event, vendorEventId: `${base.vendorEventId}-review` })),
		...(status === 'open'
			? []
			: [
					{
						...base,
						vendorEventId: `${base.vendorEventId}-status`,
						kind: 'status' as const,
						status,
						actorId: payload.current_user_id,
						by: by as 'customer' | 'agent',
					},
				]),
	];
}

function readTags(
	added: readonly string[],
	base: Pick<ChannelEvent, 'vendorEventId' | 'thread'>,
	agentId: string,
): ChannelEvent[] {
	if (added.includes(tags.handBack)) return [{ ...base, kind: 'hand_back', agentId }];
	const verdict: Verdict | undefined = added.map(verdictOf).find(found => found !== undefined);
	return verdict ? [{ ...base, kind: 'verdict', verdict, agentId }] : [];
}

/** Zendesk's statuses, custom ones included, as the three that matter here. */
export function statusOf(status: string): Conversation['status'] {
	const name = status.toLowerCase();
	return name === 'solved' || name === 'closed' ? name : 'open';
}
