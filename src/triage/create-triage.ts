import { type Language, languageOfLocale } from '../language.ts';
import type { MeasureAnger } from './anger.ts';
import { loadAnger } from './anger.ts';
import { type DetectLanguage, loadLanguageDetector } from './detect-language.ts';
import { findEntities } from './entities.ts';
import { type IntentModelOptions, loadIntentModel, type PredictIntents } from './intent-model.ts';
import { type FindSensitivity, loadSensitivity } from './sensitivity.ts';
import { stripMessage } from './strip.ts';
import type { Triage } from './triage.ts';

export interface TriageDependencies {
	detectLanguage: DetectLanguage;
	predictIntents: PredictIntents;
	measureAnger: MeasureAnger;
	findSensitivity: FindSensitivity;
	/** Names of what is sold, for `entities.products`. */
	products?: string[];
	now: () => Date;
}

/** What is known about a message besides its text. */
export interface MessageContext {
	/** The subject of the ticket or mail; read with the text for what is wanted, not part of `Triage.text`. */
	subject?: string | undefined;
	/** The language of the conversation so far. */
	conversationLanguage?: Language | undefined;
	/** The requester's locale tag as the channel gives it (`pt-BR`). */
	requesterLocale?: string | undefined;
}

/** `message` is raw: HTML or plain, quotes and signature still in it; several typed in a row are joined with blank lines. */
export type TriageMessage = (message: string, context?: MessageContext) => Triage;

export function createTriage(deps: TriageDependencies): TriageMessage {
	return (message, context = {}) => {
		const text = stripMessage(message);
		const subject = cleanSubject(context.subject);
		const whole = subject && !text.includes(subject) ? `${subject}\n${text}` : text;
		const detected = deps.detectLanguage(hasThreeWords(text) ? text : whole, {
			conversation: context.conversationLanguage,
			requester: languageOfLocale(context.requesterLocale),
		});
		const { language } = detected;
		const intents = deps.predictIntents(whole, language);
		const locale = languageOfLocale(context.requesterLocale) === language ? context.requesterLocale : language;
		return {
			language,
			languageFrom: detected.from,
			intent: intents[0]?.intent ?? 'out_of_scope',
			intentProbability: intents[0]?.probability ?? 0,
			intents,
			entities: findEntities(whole, {
				locale: locale ?? language,
				today: deps.now(),
				...(deps.products && { products: deps.products }),
			}),
			anger: deps.measureAnger(whole, language),
			sensitivity: deps.findSensitivity(whole, language),
			text,
		};
	};
}

/** Everything `createTriage` needs, from `locales/`. Slow at the first start (training), a quarter of a second afterwards. */
export async function loadTriage(
	options: IntentModelOptions & { products?: string[]; now?: () => Date },
): Promise<TriageMessage> {
	return createTriage({
		detectLanguage: await loadLanguageDetector(),
		predictIntents: await loadIntentModel(options),
		measureAnger: await loadAnger(options.localesDir),
		findSensitivity: await loadSensitivity(options),
		now: options.now ?? (() => new Date()),
		...(options.products && { products: options.products }),
	});
}

function cleanSubject(subject: string | undefined): string {
	return (subject ?? '').replace(/^(?:\s*(?:re|fwd?|aw|wg|tr|rv|enc|res|sv)\s*:)+/i, '').trim();
}

function hasThreeWords(text: string): boolean {
	return (text.match(/\p{L}{2,}/gu)?.length ?? 0) >= 3;
}
