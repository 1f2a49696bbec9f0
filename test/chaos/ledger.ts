// The independent counter: judges by what stands in the helpdesk, and by what was acknowledged, alone.

import type { ZendeskSandbox } from '../../src/demo/zendesk/sandbox.ts';
import type { Comment } from '../../src/demo/zendesk/state.ts';

export interface Verdict {
	tickets: number;
	/** Customer messages of which at least one webhook was acknowledged. */
	acknowledged: number;
	replies: number;
	notes: number;
	/** Acknowledged, and neither answered, drafted nor handed over. */
	lost: string[];
	/** One effect seen twice, or two replies to one question. */
	doubled: string[];
	/** A reply to what had been overtaken, or after a person had joined. */
	disordered: string[];
}

/** @param basedOn which customer comment each effect (by its key) was an answer to, as the product claims. */
export function judge(
	sandbox: ZendeskSandbox,
	basedOn: ReadonlyMap<string, string>,
	isStaff: (userId: number) => boolean,
): Verdict {
	const acknowledged = acknowledgedComments(sandbox);
	const verdict: Verdict = {
		tickets: 0,
		acknowledged: 0,
		replies: 0,
		notes: 0,
		lost: [],
		doubled: [],
		disordered: [],
	};
	for (const ticket of sandbox.tickets()) {
		verdict.tickets++;
		const comments = sandbox.comments(ticket.id);
		const kindOf = (comment: Comment) =>
			comment.metadata.custom.understudy_key !== undefined || comment.author_id === sandbox.botId
				? ('assistant' as const)
				: isStaff(comment.author_id)
					? ('agent' as const)
					: ('customer' as const);
		const keys = new Map<string, number>();
		let question: Comment | undefined;
		let repliesToQuestion = 0;
		let personSince: Comment | undefined;
		for (const comment of comments) {
			const kind = kindOf(comment);
			const key = comment.metadata.custom.understudy_key as string | undefined;
			if (kind === 'customer') {
				question = comment;
				repliesToQuestion = 0;
				if (acknowledged.has(comment.id)) verdict.acknowledged++;
				continue;
			}
			if (kind === 'agent') {
				if (comment.public) personSince = comment;
				continue;
			}
			if (comment.public) verdict.replies++;
			else verdict.notes++;
			if (key) keys.set(key, (keys.get(key) ?? 0) + 1);
			if (!comment.public) continue;
			if (++repliesToQuestion > 1) verdict.doubled.push(`ticket ${ticket.id}: two replies to comment ${question?.id}`);
			if (personSince) verdict.disordered.push(`ticket ${ticket.id}: a reply after an agent had written`);
			const claimed = key === undefined ? undefined : basedOn.get(key);
			if (claimed !== undefined && question && claimed !== String(question.id)) {
				verdict.disordered.push(`ticket ${ticket.id}: a reply to ${claimed} when ${question.id} was the question`);
			}
		}
		for (const [key, times] of keys) {
			if (times > 1) verdict.doubled.push(`ticket ${ticket.id}: effect ${key} happened ${times} times`);
		}
		if (!question || !acknowledged.has(question.id) || personSince) continue;
		const after = comments.slice(comments.indexOf(question) + 1);
		const isHandled = after.some(comment => kindOf(comment) === 'assistant');
		const wasHandedOver = ticket.tags.includes('understudy_handed_over');
		if (!isHandled && !wasHandedOver) verdict.lost.push(`ticket ${ticket.id}: comment ${question.id}`);
	}
	return verdict;
}

/** Ids of the comments that a webhook told of and that was answered with 2xx. */
function acknowledgedComments(sandbox: ZendeskSandbox): Set<number> {
	const ids = new Set<number>();
	for (const { attempts, body } of sandbox.deliveries()) {
		if (!attempts.some(outcome => typeof outcome === 'number' && outcome >= 200 && outcome < 300)) continue;
		const id = (JSON.parse(body) as { event?: { comment?: { id?: string } } }).event?.comment?.id;
		if (id !== undefined) ids.add(Number(id));
	}
	return ids;
}
