import type { Route } from './api.ts';
import { recordInvalid, recordNotFound } from './api-error.ts';
import { type Desk, isoSeconds, isStaff, type TicketActivity, takeId } from './desk.ts';
import { paginate } from './pagination.ts';
import { fillPlaceholders } from './placeholders.ts';
import type { Trigger, TriggerCondition } from './rules.ts';
import { TriggerInput } from './schema.ts';

/** A webhook call a trigger asks for: the payload is the trigger's own. */
export interface TriggerCall {
	webhookId: string;
	body: string;
}

const knownFields = ['update_type', 'comment_is_public', 'current_tags', 'status', 'role'];

/** Triggers: list, show, create, delete. */
export function routeTriggers(route: Route, desk: Desk): void {
	const all = () => Object.values(desk.state().triggers);
	const find = (id: number) => {
		const trigger = desk.state().triggers[id];
		if (trigger === undefined) throw recordNotFound();
		return trigger;
	};
	route('GET', '/triggers', call => paginate('triggers', all(), call.url).envelope);
	route('GET', '/triggers/:id', call => ({ trigger: find(call.id('id')) }));
	route(
		'POST',
		'/triggers',
		async call => {
			const trigger = createTrigger(desk, await call.body(TriggerInput, 'trigger'));
			return { status: 201, json: { trigger } };
		},
		{ adminOnly: true },
	);
	route(
		'DELETE',
		'/triggers/:id',
		call => {
			delete desk.state().triggers[find(call.id('id')).id];
			return { status: 204 };
		},
		{ adminOnly: true },
	);
}

/** Adds a trigger; its only action that does anything here is `notification_webhook: [webhook id, JSON template]`. */
export function createTrigger(desk: Desk, input: TriggerInput): Trigger {
	const state = desk.state();
	const conditions = [...input.conditions.all, ...input.conditions.any];
	const unknown = conditions.find(({ field }) => !knownFields.includes(field));
	if (unknown !== undefined)
		throw recordInvalid('conditions', 'InvalidValue', `Condition: ${unknown.field} is unknown`);
	for (const { field, value } of input.actions) {
		if (field !== 'notification_webhook') continue;
		const webhook = state.webhooks[String(value[0])];
		if (webhook === undefined || !webhook.subscriptions.includes('conditional_ticket_events')) {
			throw recordInvalid('actions', 'InvalidValue', 'Action: webhook cannot be connected to a trigger');
		}
	}
	const at = isoSeconds(desk.now());
	const position = Object.keys(state.triggers).length + 1;
	const trigger: Trigger = { ...input, id: takeId(state), position, created_at: at, updated_at: at };
	state.triggers[trigger.id] = trigger;
	return trigger;
}

/** The webhook calls one update of a ticket sets off, in the order of the triggers. */
export function triggerCalls(desk: Desk, activity: TicketActivity): TriggerCall[] {
	const fired = Object.values(desk.state().triggers).filter(({ active, conditions }) => {
		const holds = (condition: TriggerCondition) => isMet(condition, activity);
		return active && conditions.all.every(holds) && (conditions.any.length === 0 || conditions.any.some(holds));
	});
	return fired
		.flatMap(({ actions }) => actions)
		.filter(({ field, value }) => field === 'notification_webhook' && Array.isArray(value))
		.map(({ value }) => ({
			webhookId: String(value[0]),
			body: fillPlaceholders(desk.state(), activity, String(value[1] ?? '{}'), desk.baseUrl()),
		}));
}

function isMet({ field, operator, value }: TriggerCondition, { kind, ticket, audit, actor }: TicketActivity): boolean {
	const isNegated = operator === 'is_not' || operator === 'not_includes';
	const answer = () => {
		switch (field) {
			case 'update_type':
				return String(value).toLowerCase() === (kind === 'create' ? 'create' : 'change');
			case 'comment_is_public': {
				const comment = audit.events.find(event => event.type === 'Comment');
				if (value === 'not_relevant') return comment !== undefined;
				return comment !== undefined && String(comment.public) === String(value);
			}
			case 'current_tags':
				return String(value)
					.split(/\s+/)
					.some(tag => ticket.tags.includes(tag));
			case 'status':
				if (operator === 'changed') {
					return audit.events.some(event => event.type === 'Change' && event.field_name === 'status');
				}
				return ticket.status === value;
			default:
				return value === 'agent' ? isStaff(actor) : value === 'end_user' ? !isStaff(actor) : String(actor.id) === value;
		}
	};
	return answer() !== isNegated;
}
