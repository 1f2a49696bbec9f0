import { createHmac, randomUUID } from 'node:crypto';
import { readTickets } from '../../src/demo/shop.ts';

/** A customer's first message, as the helpdesk holds it. */
export interface BenchTicket {
	id: number;
	requesterId: number;
	commentId: number;
	name: string;
	email: string;
	locale: string;
	subject: string;
	text: string;
	/** When it was written: what the webhook says and the helpdesk shows. */
	writtenAt: string;
}

/** One webhook, ready to be sent. */
export interface SignedWebhook {
	headers: Record<string, string>;
	body: string;
}

export const webhookSecret = 'the-secret-of-the-bench';

/** Gives out tickets that differ in id and requester; what they ask is the demo's, in five languages, over and over. */
export function createTicketSource(): (count: number) => BenchTicket[] {
	const asked = readTickets();
	let last = 0;
	return count => {
		const writtenAt = new Date().toISOString();
		return Array.from({ length: count }, () => {
			const number = ++last;
			const { requester, subject, text } = asked[number % asked.length] as (typeof asked)[number];
			return {
				id: 1000 + number,
				requesterId: 10_000_000 + number,
				commentId: 20_000_000 + number,
				name: requester.name,
				email: `customer-${number}@example.com`,
				locale: requester.locale,
				subject,
				text,
				writtenAt,
			};
		});
	};
}

/** What an event subscription to `comment_added` delivers. Signed beforehand, so that the load costs its sending alone. */
export function webhookOf(ticket: BenchTicket): SignedWebhook {
	const timestamp = new Date().toISOString();
	const requester = String(ticket.requesterId);
	const body = JSON.stringify({
		account_id: 22_129_848,
		detail: {
			actor_id: requester,
			assignee_id: null,
			brand_id: '1',
			created_at: ticket.writtenAt,
			custom_status: null,
			description: ticket.text,
			external_id: null,
			form_id: null,
			group_id: null,
			id: String(ticket.id),
			is_public: true,
			organization_id: null,
			priority: null,
			requester_id: requester,
			status: 'NEW',
			subject: ticket.subject,
			submitter_id: requester,
			tags: [],
			type: null,
			updated_at: ticket.writtenAt,
			via: { channel: 'email' },
		},
		event: {
			comment: {
				id: String(ticket.commentId),
				body: ticket.text,
				is_public: true,
				author: { id: requester, is_staff: false, name: ticket.name },
			},
			meta: { sequence: { id: randomUUID().replaceAll('-', '').toUpperCase(), position: 1, total: 1 } },
		},
		id: randomUUID(),
		subject: `zen:ticket:${ticket.id}`,
		time: ticket.writtenAt.replace('Z', '000000Z'),
		type: 'zen:event-type:ticket.comment_added',
		zendesk_event_version: '2022-11-06',
	});
	const signature = createHmac('sha256', webhookSecret)
		.update(timestamp + body)
		.digest('base64');
	return {
		body,
		headers: {
			'content-type': 'application/json',
			'content-length': String(Buffer.byteLength(body)),
			'x-zendesk-webhook-signature': signature,
			'x-zendesk-webhook-signature-timestamp': timestamp,
		},
	};
}
