import type { Language } from './language.ts';

/** Who wrote a message. `assistant` is us, whichever user the vendor shows as its author. */
export type Author = 'customer' | 'agent' | 'assistant';

/** One thread with one customer on one channel; on Zendesk it is the ticket. */
export interface Conversation {
	id: string;
	tenantId: string;
	channel: string;
	/** The vendor's id of the thread. */
	externalId: string;
	requester: Requester;
	subject: string | null;
	language: Language | null;
	/** Who speaks to the customer. Once a person has joined, the assistant is silent until handed back. */
	heldBy: 'assistant' | 'person';
	status: 'open' | 'solved' | 'closed';
}

export interface Requester {
	id: string;
	name: string | null;
	email: string | null;
	locale: string | null;
	/** The customer organisation they belong to: decides which knowledge they may see. */
	organizationId: string | null;
}

/** One message of a conversation, as stored in the inbox. */
export interface Message {
	id: string;
	/** The vendor's id of the message; unique within its conversation. */
	externalId: string;
	author: Author;
	authorId: string;
	isPublic: boolean;
	/** As received: HTML, quotes and signature still on it. */
	text: string;
	/** When the vendor says it was written. */
	writtenAt: Date;
}

/** Why an agent rejects a draft: what the quality figures are counted by. */
export const rejectReasons = [
	'wrong_facts',
	'wrong_tone',
	'wrong_language',
	'missing_knowledge',
	'should_not_answer',
] as const;

export type RejectReason = (typeof rejectReasons)[number];
