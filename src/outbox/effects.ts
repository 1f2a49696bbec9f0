import type { Citation } from '../answering/answer.ts';
import type { HandOver } from '../helpdesk.ts';
import type { Language } from '../language.ts';

/** What a decision wants done outside. Each becomes a row of the outbox, in the transaction of the decision. */
export type Effect =
	| ({ kind: 'reply' } & ReplyPayload)
	| ({ kind: 'draft'; language: Language; text: string; citations: Citation[] } & NotePayload)
	| ({ kind: 'note' } & NotePayload)
	| ({ kind: 'hand_over' } & HandOverPayload);

export interface ReplyPayload {
	/** Markdown. */
	text: string;
	/** The vendor's id of the last message it answers; one newer makes it stale. */
	basedOn: string;
	/** Tells the customer that a person has it: may be said although the conversation is a person's now. */
	isHoldingLine?: boolean;
	/** The agent who approved it. */
	authorId?: string;
	addTags?: string[];
}

export interface NotePayload {
	note: string;
	basedOn: string;
	addTags?: string[];
}

export interface HandOverPayload extends NotePayload {
	priority?: HandOver['priority'];
	groupId?: string;
}

/** Taking an agent's verdict tags off the ticket, and telling them when the draft could not be sent. */
export interface SettleReviewPayload {
	removeTags: string[];
	/** The agent pressed “send”: told when nothing could be sent. */
	isSend: boolean;
}
