import type { Route } from './api.ts';
import { recordNotFound } from './api-error.ts';
import { type Desk, takeId } from './desk.ts';
import { paginate } from './pagination.ts';
import type { Macro } from './rules.ts';
import { MacroInput, TicketChange } from './schema.ts';
import type { Ticket, ZendeskState } from './state.ts';
import { presentTicket } from './ticket-routes.ts';
import { findTicket } from './tickets.ts';

/** Macros, and what applying one would do. */
export function routeMacros(route: Route, desk: Desk): void {
	const all = () => Object.values(desk.state().macros);
	route('GET', '/macros', call => paginate('macros', all(), call.url).envelope);
	route('GET', '/macros/active', call => paginate('macros', activeMacros(desk.state()), call.url).envelope);
	route('GET', '/macros/:id', call => ({ macro: findMacro(desk.state(), call.id('id')) }));
	route('POST', '/macros', async call => {
		const macro = createMacro(desk, await call.body(MacroInput, 'macro'));
		return { status: 201, json: { macro } };
	});
	route('GET', '/macros/:id/apply', call => ({
		result: { ticket: macroChange(findMacro(desk.state(), call.id('id')), undefined) },
	}));
	route('GET', '/tickets/:id/macros/:macro_id/apply', call => {
		const ticket = findTicket(desk.state(), call.id('id'));
		const change = macroChange(findMacro(desk.state(), call.id('macro_id')), ticket);
		return { result: { ticket: { ...presentTicket(desk.state(), ticket, desk.baseUrl()), ...change } } };
	});
}

/** Adds a macro behind those there are. */
export function createMacro(desk: Desk, input: Omit<MacroInput, 'active'> & { id?: number; active?: boolean }): Macro {
	const state = desk.state();
	const macro: Macro = {
		id: input.id ?? takeId(state),
		title: input.title,
		description: input.description ?? null,
		active: input.active ?? true,
		position: Object.keys(state.macros).length + 1,
		actions: input.actions,
	};
	state.macros[macro.id] = macro;
	return macro;
}

/** By id, or by title as a person would pick it; 404 where there is none. */
export function findMacro(state: ZendeskState, macro: number | string): Macro {
	const found = Object.values(state.macros).find(({ id, title }) => id === macro || title === macro);
	if (found === undefined) throw recordNotFound();
	return found;
}

/** The macros an agent is offered. */
export function activeMacros(state: ZendeskState): Macro[] {
	return Object.values(state.macros).filter(({ active }) => active);
}

/** The update a macro makes of a ticket; nothing is changed. Without a ticket, tags are those it would add. */
export function macroChange(macro: Macro, ticket: Ticket | undefined): TicketChange {
	let tags = new Set(ticket?.tags);
	const change: Record<string, unknown> = {};
	const comment: { body?: string; public?: boolean } = {};
	for (const { field, value } of macro.actions) {
		const text = Array.isArray(value) ? String(value[1] ?? value[0] ?? '') : value;
		const words = new Set(text.split(/\s+/).filter(word => word !== ''));
		if (field === 'current_tags') tags = tags.union(words);
		else if (field === 'remove_tags') tags = tags.difference(words);
		else if (field === 'set_tags') tags = words;
		else if (field === 'comment_value' || field === 'comment_value_html') comment.body = text;
		else if (field === 'comment_mode_is_public') comment.public = text === 'true';
		else if (field.startsWith('custom_fields_')) {
			const fields = (change.custom_fields as object[] | undefined) ?? [];
			change.custom_fields = [...fields, { id: field.slice('custom_fields_'.length), value: text }];
		} else change[field] = text;
	}
	if (macro.actions.some(({ field }) => field.endsWith('_tags'))) change.tags = [...tags].sort();
	if (comment.body !== undefined) change.comment = comment;
	return TicketChange.parse(change);
}
