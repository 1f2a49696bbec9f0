import type { Kysely } from 'kysely';
import type { Schema } from '../database/schema.ts';
import { type Language, languages } from '../language.ts';

/** What the demo's day came to. */
export interface Summary {
	tickets: number;
	languages: Record<Language, number>;
	answered: number;
	drafted: number;
	handedOver: number;
	approved: number;
	edited: number;
	rejected: number;
	stale: number;
	harvested: number;
	answeredFromHarvest: number;
	seconds: number;
}

/** Counted from the database, not from the script. */
export async function summarise(query: Kysely<Schema>, seconds: number): Promise<Summary> {
	const perLanguage = await query
		.selectFrom('conversations')
		.select(({ fn }) => ['language', fn.countAll<string>().as('n')])
		.groupBy('language')
		.execute();
	const outcomes = await query
		.selectFrom('outcomes')
		.select(({ fn }) => ['kind', fn.countAll<string>().as('n')])
		.groupBy('kind')
		.execute();
	const outcome = (kind: string) => Number(outcomes.find(row => row.kind === kind)?.n ?? 0);
	const count = async (rows: Promise<unknown[]>) => (await rows).length;
	const answers = await query
		.selectFrom('turns')
		.innerJoin('outcomes', 'outcomes.turn_id', 'turns.id')
		.select('answer')
		.where('outcomes.kind', '=', 'answered')
		.execute();
	const citesHarvest = ({ answer }: { answer: unknown }) =>
		(answer as { citations?: { articleId: string }[] }).citations?.some(({ articleId }) =>
			articleId.startsWith('ticket-'),
		);
	return {
		tickets: perLanguage.reduce((sum, { n }) => sum + Number(n), 0),
		languages: Object.fromEntries(
			languages.map(language => [language, Number(perLanguage.find(row => row.language === language)?.n ?? 0)]),
		) as Record<Language, number>,
		answered: outcome('answered'),
		drafted: await count(query.selectFrom('drafts').select('id').execute()),
		handedOver: outcome('handed_over'),
		approved: outcome('approved'),
		edited: outcome('edited'),
		rejected: outcome('rejected'),
		stale: outcome('stale'),
		harvested: await count(query.selectFrom('candidates').select('id').where('state', '=', 'published').execute()),
		answeredFromHarvest: answers.filter(citesHarvest).length,
		seconds: Math.round(seconds * 10) / 10,
	};
}
