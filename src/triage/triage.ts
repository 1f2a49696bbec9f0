import type { Language } from '../language.ts';
import type { Intent } from './intent.ts';

/** What one message, or several typed in a row, is about. Everything later stages know of the customer's words. */
export interface Triage {
	language: Language;
	/** Where the language came from: the text itself, or the conversation or the requester when the text was too short. */
	languageFrom: 'text' | 'conversation' | 'requester' | 'default';
	intent: Intent;
	/** Calibrated probability of `intent`, 0 to 1. */
	intentProbability: number;
	/** Every intent the message carries: `intent` first, then what single clauses ask for besides, strongest first. */
	intents: { intent: Intent; probability: number }[];
	entities: Entities;
	/** 0 calm to 1 furious. */
	anger: number;
	/** Why the matter must go to a person whatever else is true; empty when it need not. */
	sensitivity: Sensitivity[];
	/** The customer's own words: HTML, quoted mail and signature taken off. */
	text: string;
}

/** What made a message sensitive: a pattern of `locales/<language>/sensitive.yaml`, or the classifier. */
export interface Sensitivity {
	category: string;
	from: 'pattern' | 'classifier';
	/** Probability given by the classifier; 1 for a pattern. */
	probability: number;
}

/** What a message names. Values are normalised: amounts in the currency's major unit, dates as ISO `yyyy-mm-dd`. */
export interface Entities {
	orderNumbers: string[];
	amounts: { value: number; currency?: string; text: string }[];
	dates: string[];
	emails: string[];
	products: string[];
}
