import type { Answer } from '../answering/answer.ts';
import type { FoundPassage } from '../knowledge/article.ts';
import type { Decision } from '../policy/decision.ts';
import type { Triage } from '../triage/triage.ts';

/** The handling of a customer's unanswered messages, once every step has spoken. */
export interface ThoughtThrough {
	triage: Triage;
	passages: FoundPassage[];
	answer: Answer;
	decision: Decision;
}
