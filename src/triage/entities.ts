import { findAmounts } from './amounts.ts';
import { findDates } from './dates.ts';
import { findOrderNumbers } from './order-numbers.ts';
import { findProducts } from './products.ts';
import type { Entities } from './triage.ts';

export interface EntityContext {
	/** The requester's locale tag (`en-GB`, `pt-BR`) or the language: decides whether 3/4 is March or April. */
	locale: string;
	/** Dates without a year are those nearest to this day. */
	today: Date;
	/** Names of what is sold, to be recognised as they are written. */
	products?: string[];
}

/** What a message names, each kind once, in the order of appearance. */
export function findEntities(text: string, { locale, today, products = [] }: EntityContext): Entities {
	// All three are made of digits, which many messages have none of.
	const hasDigits = /\d/.test(text);
	const dates = hasDigits ? findDates(text, locale, today) : [];
	const withoutDates = blank(text, dates);
	const orders = hasDigits ? findOrderNumbers(withoutDates) : [];
	const amounts = hasDigits ? findAmounts(blank(withoutDates, orders)) : [];
	return {
		orderNumbers: unique(orders.map(order => order.value)),
		amounts: amounts.map(({ value, currency, text: written }) => ({
			value,
			text: written,
			...(currency && { currency }),
		})),
		dates: unique(dates.map(date => date.value)),
		emails: text.includes('@') ? unique(findEmails(text)) : [],
		products: products.length > 0 ? findProducts(text, products) : [],
	};
}

/** Where in the text something was found; `end` is exclusive. */
export interface Span {
	start: number;
	end: number;
}

/** What one kind has claimed is spaces to the next, so that a date is not an amount too. */
function blank(text: string, spans: Span[]): string {
	let blanked = text;
	for (const { start, end } of spans) blanked = blanked.slice(0, start) + ' '.repeat(end - start) + blanked.slice(end);
	return blanked;
}

function findEmails(text: string): string[] {
	const found = text.match(/[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}/gu) ?? [];
	return found.map(address => address.toLowerCase());
}

function unique(values: string[]): string[] {
	return [...new Set(values)];
}
