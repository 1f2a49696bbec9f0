import type { Author, Conversation, RejectReason, Requester } from './conversation.ts';

/** A request as it came over the wire. The body is the raw text, for signatures. */
export interface WebhookRequest {
	headers: Headers;
	body: string;
}

/** What a webhook was, once verified and parsed. A refused one must change nothing. */
export type Received =
	| { kind: 'events'; events: ChannelEvent[] }
	| { kind: 'refused'; status: 400 | 401 | 403; reason: string };

/** Something that happened on a thread. `vendorEventId` is what a second delivery is recognised by. */
export type ChannelEvent = { vendorEventId: string; thread: ThreadHint } & (
	| { kind: 'message'; message: IncomingMessage }
	/** Something changed; what, the thread itself must tell. */
	| { kind: 'changed' }
	| { kind: 'verdict'; verdict: Verdict; agentId: string }
	| { kind: 'hand_back'; agentId: string }
	| { kind: 'status'; status: Conversation['status']; actorId: string; by: Author }
);

/** What an agent decided about the pending draft. */
export type Verdict = { kind: 'send' } | { kind: 'reject'; reason: RejectReason };

/** What an event tells of its thread; the rest is read when it is needed. */
export interface ThreadHint {
	externalId: string;
	requesterId: string;
	subject?: string;
	organizationId?: string;
}

export interface IncomingMessage {
	externalId: string;
	author: Author;
	authorId: string;
	isPublic: boolean;
	text: string;
	writtenAt: Date;
}

/** A thread as the vendor has it now: the truth that webhooks only hint at. */
export interface Thread {
	requester: Requester;
	subject: string | null;
	status: Conversation['status'];
	tags: string[];
	/** The vendor's version of the thread; a write based on an older one is refused. */
	stamp: string;
	/**
	 * How long until no later change can bear the same stamp; 0 where that is so already. A write that is let through with a
	 * stamp that is final was based on all there is.
	 */
	stampFinalInMs: number;
	/** Oldest first. Ours are marked as the assistant's, whoever the vendor shows as their author. */
	messages: IncomingMessage[];
}

/** A public reply. `key` marks it at the vendor, so that it is recognised and never sent twice. */
export interface OutgoingReply {
	threadId: string;
	key: string;
	/** Markdown. */
	text: string;
	/** The agent who approved it, and is shown as its author. */
	authorId?: string;
	/** The version of the thread the reply was checked against. */
	stamp: string;
	/** Tags to add and to take off with it. */
	addTags?: string[];
}

export interface Receipt {
	/** The vendor's id of what was written. */
	externalId: string;
}

/** Where customers write. What differs between vendors beyond this is a capability, not a method that throws. */
export interface Channel {
	readonly name: string;
	/** The HTTP status that makes this vendor deliver a webhook again when it could not be stored. */
	readonly redeliverStatus: 409 | 503;
	/** Verifies and parses a webhook. Touches neither network nor database. */
	receive(request: WebhookRequest): Received;
	readThread(threadId: string): Promise<Thread>;
	/** @throws UnderstudyError `VENDOR_CONFLICT` where the thread is no longer at `stamp`. */
	reply(reply: OutgoingReply): Promise<Receipt>;
	/** What was written under `key`, if anything was: asked before anything is sent a second time. */
	find(threadId: string, key: string): Promise<Receipt | undefined>;
}
