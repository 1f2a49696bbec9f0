import { createEmulator, defineEmulator, type EmulatorSnapshot } from 'emulate';
import { createGroup, createTicketField, routeAccount } from './account-routes.ts';
import { createApi } from './api.ts';
import { createDelivery, type Invocation } from './delivery.ts';
import type { Desk } from './desk.ts';
import { createFaults, type Faults } from './faults.ts';
import { routeIncrementalExport } from './incremental-export.ts';
import { createMacro, routeMacros } from './macros.ts';
import { type Credentials, routeOauth } from './oauth.ts';
import { defaultCredentials, defaultTimings, type SandboxOptions } from './options.ts';
import { createPerson, type Person } from './people.ts';
import { createRateLimiter, type RateLimiter } from './rate-limit.ts';
import type { Macro, Trigger, Webhook } from './rules.ts';
import type { TriggerInput } from './schema.ts';
import { plant, plantTicket, type SeedMacro, type SeedTicket, type SeedTicketField, type SeedUser } from './seed.ts';
import { startServer } from './server.ts';
import {
	type Audit,
	type Comment,
	emptyState,
	type Group,
	type Organization,
	type Ticket,
	type TicketField,
	type User,
	type ZendeskState,
} from './state.ts';
import { routeTickets } from './ticket-routes.ts';
import { findTicket } from './tickets.ts';
import { createTrigger, routeTriggers } from './triggers.ts';
import { routeUsers } from './user-routes.ts';
import { createOrganization, createUser, findUserByEmail } from './users.ts';
import { routeView } from './view.ts';
import { createWebhook, notifyWebhooks, routeWebhooks } from './webhooks.ts';

/** A stateful Zendesk on this machine: the API, its webhooks, and a page for a person to look at it. */
export interface ZendeskSandbox {
	/** What `ZENDESK_URL` is set to. */
	url: string;
	/** The list of tickets, for a person. */
	viewUrl: string;
	inspectorUrl: string;
	credentials: Credentials;
	/** The user the OAuth token acts as: an admin, seeded unless the seed has one of that e-mail. */
	botId: number;
	as(userId: number): Person;

	addUser(user: SeedUser): User;
	addOrganization(organization: { id?: number; name: string; external_id?: string }): Organization;
	addGroup(group: { id?: number; name: string }): Group;
	addTicketField(field: SeedTicketField): TicketField;
	addMacro(macro: SeedMacro): Macro;
	addWebhook(webhook: { endpoint: string; subscriptions: string[]; name?: string; secret?: string }): Webhook;
	addTrigger(trigger: Partial<TriggerInput> & Pick<TriggerInput, 'title' | 'actions'>): Trigger;
	/** A ticket of the past; no webhook hears of it. */
	addTicket(ticket: SeedTicket): Ticket;

	ticket(ticketId: number): Ticket;
	tickets(): Ticket[];
	/** Counted from the state itself, for a test to prove what was said and how often. */
	comments(ticketId: number): Comment[];
	publicComments(ticketId: number): Comment[];
	internalNotes(ticketId: number): Comment[];
	audits(ticketId: number): Audit[];
	/** Requests received by method and path, `PUT /api/v2/tickets/:id`, those struck by a fault included. */
	calls(): Record<string, number>;
	/** Every webhook delivery with its attempts, those dropped by a fault included. */
	deliveries(): Invocation[];

	faults: Faults;
	rateLimiter: RateLimiter;
	/** Makes every OAuth token handed out so far invalid. */
	revokeTokens(): void;
	/** Resolves when no webhook delivery is under way. */
	idle(): Promise<void>;
	snapshot(): EmulatorSnapshot<ZendeskState>;
	/** Goes back to a snapshot; deliveries under way are given up. */
	restore(snapshot: EmulatorSnapshot<ZendeskState>): Promise<void>;
	close(): Promise<void>;
}

/** Starts a sandbox on 127.0.0.1. */
export async function createZendeskSandbox(options: SandboxOptions = {}): Promise<ZendeskSandbox> {
	const now = options.now ?? (() => new Date());
	const credentials = { ...defaultCredentials, ...options.credentials };
	const faults = createFaults(options.random ?? Math.random);
	const rateLimiter = createRateLimiter(now, options.rateLimits ?? {});
	const delivery = createDelivery(faults, now, { ...defaultTimings, ...options.delivery });

	let current = emptyState();
	let baseUrl = '';
	const desk: Desk = {
		state: () => current,
		now,
		hasUniqueStamps: options.hasUniqueStamps ?? false,
		baseUrl: () => baseUrl,
		announce: activity => notifyWebhooks(desk, activity, delivery),
	};
	plant(desk, options.seed ?? {});
	const bot =
		findUserByEmail(current, credentials.botEmail) ??
		createUser(desk, { name: 'Understudy', email: credentials.botEmail, role: 'admin' });

	const definition = defineEmulator<ZendeskState>({
		name: 'zendesk',
		stateVersion: 1,
		state: () => current,
		cors: false,
		setup({ app, state, onDispose }) {
			current = state;
			onDispose(() => delivery.stop());
			const route = createApi(app, desk, credentials, rateLimiter);
			routeOauth(app, desk, credentials);
			routeUsers(route, desk);
			routeTickets(route, desk);
			routeMacros(route, desk);
			routeAccount(route, desk);
			routeTriggers(route, desk);
			routeWebhooks(route, desk);
			routeIncrementalExport(route, desk, options.incrementalExport ?? {});
			routeView(app, desk, () => bot.id);
		},
	});
	let answer = (_request: Request): Promise<Response> => Promise.reject(new Error('starting'));
	const server = await startServer(options.port ?? 0, faults, request => answer(request));
	baseUrl = server.url;
	const emulator = await createEmulator({ service: definition, listen: false, baseUrl, inspector: true });
	answer = emulator.fetch;
	const comments = (ticketId: number) => current.comments[ticketId] ?? [];

	return {
		url: baseUrl,
		viewUrl: `${baseUrl}/agent/tickets`,
		inspectorUrl: emulator.inspectorUrl ?? `${baseUrl}/_emulate`,
		credentials,
		botId: bot.id,
		as: userId => createPerson(desk, userId),
		addUser: user => createUser(desk, user),
		addOrganization: organization => createOrganization(desk, organization),
		addGroup: group => createGroup(desk, group),
		addTicketField: field => createTicketField(desk, field),
		addMacro: macro => createMacro(desk, macro),
		addWebhook({ secret, ...webhook }) {
			const input = {
				name: 'webhook',
				http_method: 'POST',
				request_format: 'json',
				status: 'active' as const,
				...webhook,
			};
			return createWebhook(desk, input, { createdBy: bot.id, ...(secret !== undefined && { secret }) });
		},
		addTrigger: trigger => createTrigger(desk, { active: true, conditions: { all: [], any: [] }, ...trigger }),
		addTicket: ticket => plantTicket(desk, ticket),
		ticket: ticketId => findTicket(current, ticketId),
		tickets: () => Object.values(current.tickets),
		comments,
		publicComments: ticketId => comments(ticketId).filter(comment => comment.public),
		internalNotes: ticketId => comments(ticketId).filter(comment => !comment.public),
		audits: ticketId => current.audits[ticketId] ?? [],
		calls: server.calls,
		deliveries: delivery.invocations,
		faults,
		rateLimiter,
		revokeTokens() {
			current.accessTokens = {};
		},
		idle: delivery.idle,
		snapshot: emulator.snapshot,
		restore: emulator.restore,
		async close() {
			delivery.stop();
			await server.close();
			await emulator.close();
		},
	};
}
