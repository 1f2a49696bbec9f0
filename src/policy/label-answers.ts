import { answerQuestion } from '../answering/answer-question.ts';
import type { LabelledQuestion } from '../demo/shop.ts';
import type { SearchIndex } from '../knowledge/search-index.ts';
import type { TriageMessage } from '../triage/create-triage.ts';
import type { LabelledAnswer } from './confidence.ts';
import { intentPolicyOf, type Policy } from './policy.ts';

/** Answers labelled questions as a turn would, and says of each answer whether it quotes and cites the right article first. */
export function labelAnswers(
	questions: readonly LabelledQuestion[],
	{
		triage,
		search,
		policy,
	}: { triage: TriageMessage; search: Pick<SearchIndex, 'searchAll' | 'coverageOf' | 'idf'>; policy: Policy },
): LabelledAnswer[] {
	return questions.flatMap(({ subject, text, language, articles }) => {
		const triaged = triage(text, { subject, requesterLocale: language });
		const { answer } = answerQuestion(
			{
				triage: triaged,
				subject,
				audiences: ['public'],
				categories: intentPolicyOf(policy, triaged.intent).categories,
			},
			search,
		);
		if (answer.kind === 'not_answerable') return [];
		const [first] = answer.citations;
		const isRight = first !== undefined && articles.includes(first.articleId);
		return [{ intentProbability: triaged.intentProbability, signals: answer.signals, isRight }];
	});
}
