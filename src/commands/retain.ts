import type { Policy } from '../policy/policy.ts';
import type { Retained, Retention } from '../retention/retention.ts';
import type { Output } from './output.ts';

/** `retain`: deletes what has been kept for its period and says how much that was. */
export async function retain(
	options: { dryRun: boolean; json: boolean },
	{ retention, periods, output }: { retention: Retention; periods: Policy['retention']; output: Output },
): Promise<number> {
	const retained = options.dryRun ? await retention.count() : await retention.run('operator');
	if (options.json) {
		output.line(JSON.stringify(retained));
		return 0;
	}
	for (const [kind, what] of Object.entries(whatIsRetained) as [keyof Retained, string][]) {
		const days = kind === 'expired' ? undefined : periods[kind];
		const kept = days === undefined ? '' : days === null ? ', kept for ever' : `, kept ${days} days`;
		output.line(`${String(retained[kind]).padStart(8)}  ${what}${kept}`);
	}
	output.note(options.dryRun ? 'Nothing was changed.' : 'Periods are the policy’s: `retention` in POLICY_FILE.');
	return 0;
}

const whatIsRetained: Record<keyof Retained, string> = {
	expired: 'articles that expired: out of search',
	conversations: 'solved or closed conversations, with all that was said in them',
	events: 'webhook events that had been dealt with',
	candidates: 'answers of agents that are no article',
	articles: 'retired articles',
	deadLetters: 'failures that came to nothing',
	audit: 'entries at the beginning of the audit trail',
};
