import type { Receipt } from './channel.ts';

/** An internal note that only agents see. */
export interface InternalNote {
	ticketId: string;
	key: string;
	/** Markdown. */
	text: string;
	/** The version of the ticket the note was checked against. */
	stamp: string;
	addTags?: string[] | undefined;
}

/** Giving a ticket to a person: the story as a note, and where and how urgently it belongs. */
export interface HandOver extends InternalNote {
	priority?: 'low' | 'normal' | 'high' | 'urgent' | undefined;
	/** The vendor's id of the group of agents. */
	groupId?: string | undefined;
}

/** Where agents work. On Zendesk it is also the channel; other channels get a ticket here when a person is needed. */
export interface Helpdesk {
	addNote(note: InternalNote): Promise<Receipt>;
	handOver(handOver: HandOver): Promise<Receipt>;
	/** Takes tags off without touching the others: a verdict that has been dealt with. Idempotent. */
	removeTags(ticketId: string, tags: string[]): Promise<void>;
}
