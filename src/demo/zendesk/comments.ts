import { Marked } from 'marked';
import sanitizeHtml from 'sanitize-html';
import { badRequest, recordInvalid } from './api-error.ts';
import { isStaff, takeId } from './desk.ts';
import type { CommentInput } from './schema.ts';
import type { Attachment, Audit, AuditEvent, Comment, Ticket, User, ZendeskState } from './state.ts';

/** A tag typed in a Markdown body is text. */
const markdown = new Marked({ breaks: true, renderer: { html: ({ text }) => text.replaceAll('<', '&lt;') } });

const maxBodyChars = 65_535;
const maxCommentsPerTicket = 5000;

/** A comment that may be added: the parts that do not yet need an audit. */
export interface CheckedComment {
	author: User;
	isPublic: boolean;
	text: Pick<Comment, 'body' | 'html_body' | 'plain_body'>;
	attachments: Attachment[];
}

/** Validates a comment before anything of its ticket changes. Customers cannot write internal notes. */
export function checkComment(
	state: ZendeskState,
	input: CommentInput,
	defaults: { author: User; isPublic: boolean; commentCount: number },
): CheckedComment {
	const author = input.author_id === undefined ? defaults.author : state.users[input.author_id];
	if (author === undefined) throw recordInvalid('comment', 'InvalidValue', 'Author: is not a user');
	const text = renderText(input);
	if (text.body.trim() === '' && (input.uploads ?? []).length === 0) {
		throw recordInvalid('comment', 'BlankValue', 'Comment: cannot be blank');
	}
	if (Math.max(text.body.length, text.html_body.length) > maxBodyChars) {
		throw recordInvalid('comment', 'TooLong', `Comment: is too long (maximum is ${maxBodyChars} characters)`);
	}
	if (defaults.commentCount >= maxCommentsPerTicket) {
		throw recordInvalid('comment', 'TooManyComments', `Ticket: has reached ${maxCommentsPerTicket} comments`);
	}
	const attachments = (input.uploads ?? []).map(token => {
		const upload = state.uploads[token];
		if (upload === undefined) throw badRequest(`uploads: unknown token ${token}`);
		return upload;
	});
	return { author, isPublic: isStaff(author) ? (input.public ?? defaults.isPublic) : true, text, attachments };
}

/** Files a checked comment under its ticket and audit and returns the audit event it makes. */
export function addComment(state: ZendeskState, ticket: Ticket, audit: Audit, checked: CheckedComment): AuditEvent {
	const comment: Comment = {
		id: takeId(state),
		type: 'Comment',
		audit_id: audit.id,
		author_id: checked.author.id,
		...checked.text,
		public: checked.isPublic,
		attachments: checked.attachments,
		via: audit.via,
		metadata: audit.metadata,
		created_at: audit.created_at,
	};
	const comments = state.comments[ticket.id] ?? [];
	state.comments[ticket.id] = [...comments, comment];
	const { id, author_id, body, html_body, plain_body, attachments, audit_id } = comment;
	return { id, type: 'Comment', author_id, body, html_body, plain_body, public: comment.public, attachments, audit_id };
}

/** `body` is Markdown and rendered; `html_body` is taken as it is, cleaned. Each yields the other two. */
function renderText({ body, html_body }: CommentInput): CheckedComment['text'] {
	const html = cleanHtml(html_body ?? markdown.parse(body ?? '', { async: false }).trim());
	const plain = plainText(html);
	return { body: html_body === undefined ? (body ?? '') : plain, html_body: wrap(html), plain_body: plain };
}

/** What Zendesk lets through of a comment's HTML; scripts, handlers and styles are not among it. */
export function cleanHtml(html: string): string {
	return sanitizeHtml(html, {
		allowedTags: [...sanitizeHtml.defaults.allowedTags, 'img'],
		allowedAttributes: { a: ['href', 'name', 'rel', 'target'], img: ['src', 'alt'], '*': ['dir'] },
		allowedSchemes: ['http', 'https', 'mailto', 'tel'],
	});
}

function wrap(html: string): string {
	return `<div class="zd-comment" dir="auto">${html}</div>`;
}

function plainText(html: string): string {
	const withBreaks = html.replace(/<br\s*\/?>\n?|<\/(p|div|li|tr|h[1-6]|blockquote|pre)>/gi, '\n');
	const escaped = sanitizeHtml(withBreaks, { allowedTags: [], allowedAttributes: {} });
	const text = escaped
		.replaceAll('&lt;', '<')
		.replaceAll('&gt;', '>')
		.replaceAll('&quot;', '"')
		.replaceAll('&amp;', '&');
	return text.replace(/\n{3,}/g, '\n\n').trim();
}
