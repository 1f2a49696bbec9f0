import type { TriageMessage } from '../../src/triage/create-triage.ts';
import { stripMessage } from '../../src/triage/strip.ts';

const intentsByWord: [RegExp, string][] = [
	[/lawyer/i, 'legal_or_security'],
	[/person|human/i, 'human_request'],
	[/broken|crash/i, 'technical_issue'],
	[/refund/i, 'refund_request'],
	[/weather/i, 'out_of_scope'],
	[/deliver|shipping|parcel/i, 'shipping_info'],
];

/** A triage that needs no training: the intent by key word, the language always English, everything sure. */
export const plainTriage: TriageMessage = message => {
	const text = stripMessage(message);
	const intent = intentsByWord.find(([word]) => word.test(text))?.[1] ?? 'how_to';
	return {
		language: 'en',
		languageFrom: 'text',
		intent,
		intentProbability: 0.97,
		intents: [{ intent, probability: 0.97 }],
		entities: { orderNumbers: [], amounts: [], dates: [], emails: [], products: [] },
		anger: 0,
		sensitivity: [],
		text,
	};
};
