import type { Verdict } from '../../src/channel.ts';
import { rejectReasons } from '../../src/conversation.ts';

/** The tags by which macros tell us what an agent decided. They are taken off again once that has been dealt with. */
export const tags = {
	send: 'understudy_send',
	rejectPrefix: 'understudy_reject_',
	handBack: 'understudy_hand_back',
} as const;

export function verdictOf(tag: string): Verdict | undefined {
	if (tag === tags.send) return { kind: 'send' };
	const reason = rejectReasons.find(known => tag === `${tags.rejectPrefix}${known}`);
	return reason ? { kind: 'reject', reason } : undefined;
}

/** The tags that a decision left on the ticket. */
export function reviewTags(decision: Verdict | 'hand_back'): string[] {
	if (decision === 'hand_back') return [tags.handBack];
	return decision.kind === 'send' ? [tags.send] : [`${tags.rejectPrefix}${decision.reason}`];
}
