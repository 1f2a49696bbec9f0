import type { Kysely } from 'kysely';
import type { Schema } from '../database/schema.ts';
import type { Candidates } from '../knowledge/candidates.ts';
import { type Language, languages } from '../language.ts';
import { settled } from './settled.ts';
import type { DemoTicket } from './shop.ts';
import type { ZendeskSandbox } from './zendesk/sandbox.ts';

export interface StoryDeps {
	sandbox: ZendeskSandbox;
	query: Kysely<Schema>;
	candidates: Candidates;
	tickets: readonly DemoTicket[];
	/** One line of the story, for a person who watches. */
	tell: (line: string) => void;
}

/** The agents of the shop: one a language. */
const agents: Record<Language, string> = {
	en: 'Grace Holloway',
	es: 'Lucía Ferrer',
	fr: 'Camille Roux',
	de: 'Jonas Brandt',
	pt: 'Inês Duarte',
};

/** Plays the whole day of the shop: customers write, agents act on what the assistant did, answers become knowledge. */
export async function playStory(deps: StoryDeps): Promise<void> {
	const { sandbox, tell, tickets } = deps;
	const cast = createCast(sandbox);
	const settle = () => settled(deps.query, () => sandbox.idle());
	const ticketIds = new Map<string, number>();
	const open = (batch: readonly DemoTicket[]) => {
		for (const ticket of batch) ticketIds.set(ticket.id, cast.write(ticket));
	};
	const idOf = (ticket: DemoTicket) => ticketIds.get(ticket.id) as number;
	const first = tickets.filter(({ teaches }) => !teaches);
	const later = tickets.filter(({ teaches }) => teaches);

	tell(`\n① ${first.length} customers write, in five languages`);
	open(first);
	await settle();
	await tellDecisions(deps, first.map(idOf));

	tell('\n② Customers write again, agents read the drafts: they approve, edit and reject');
	for (const ticket of first) {
		// Somebody presses “send” on a draft that the customer has overtaken: it is not sent.
		if (ticket.expect === 'drafted' && !ticket.agent && ticket.follow_ups) {
			cast.customer(ticket).comment(idOf(ticket), ticket.follow_ups[0] as string);
			cast.agent(ticket).applyMacro(idOf(ticket), 'Send AI draft');
		} else if (ticket.agent) {
			await actOnDraft(deps, cast, ticket, idOf(ticket));
		}
	}
	await settle();
	for (const ticket of first.filter(({ expect, follow_ups }) => follow_ups && expect !== 'drafted')) {
		for (const text of ticket.follow_ups ?? []) cast.customer(ticket).comment(idOf(ticket), text);
	}
	await settle();

	tell('\n③ Agents solve what nobody could answer, and their answers become knowledge');
	for (const ticket of first.filter(({ agent }) => agent === 'solve')) {
		cast.agent(ticket).comment(idOf(ticket), ticket.agent_reply ?? '');
		cast.agent(ticket).setStatus(idOf(ticket), 'solved');
	}
	await settle();
	await publishCandidates(deps);
	await settle();

	tell(`\n④ ${later.length} other customers ask what was learnt a minute ago`);
	open(later);
	await settle();
	await tellDecisions(deps, later.map(idOf));
}

async function actOnDraft({ query }: StoryDeps, cast: Cast, ticket: DemoTicket, ticketId: number): Promise<void> {
	const agent = cast.agent(ticket);
	switch (ticket.agent) {
		case 'approve':
			agent.applyMacro(ticketId, 'Send AI draft');
			break;
		case 'edit': {
			const draft = await pendingDraft(query, ticketId);
			// Copied into the composer, the opening made their own, sent.
			const [hello = '', , ...rest] = draft?.split('\n\n') ?? [];
			agent.comment(ticketId, draft ? [hello, ticket.edited, ...rest].join('\n\n') : (ticket.edited ?? ''));
			break;
		}
		case 'reject':
			agent.applyMacro(ticketId, `Reject AI draft: ${(ticket.reject_reason ?? 'wrong_facts').replaceAll('_', ' ')}`);
			break;
		default:
	}
}

async function pendingDraft(query: Kysely<Schema>, ticketId: number): Promise<string | undefined> {
	const draft = await query
		.selectFrom('drafts')
		.innerJoin('conversations', 'conversations.id', 'drafts.conversation_id')
		.select('text')
		.where('external_id', '=', String(ticketId))
		.where('state', '=', 'pending')
		.executeTakeFirst();
	return draft?.text;
}

type Cast = ReturnType<typeof createCast>;

/** Customers, agents and companies, known to the sandbox once each. */
function createCast(sandbox: ZendeskSandbox) {
	const agentIds = new Map(
		languages.map(language => {
			const email = `${language}.agent@northbean.example`;
			return [language, sandbox.addUser({ name: agents[language], email, role: 'agent', locale: language }).id];
		}),
	);
	const organizations = new Map<string, number>();
	const customers = new Map<string, number>();

	const customerId = ({ requester: { name, email, locale, organization } }: DemoTicket): number => {
		let id = customers.get(email);
		if (id !== undefined) return id;
		if (organization && !organizations.has(organization)) {
			organizations.set(organization, sandbox.addOrganization({ name: organization }).id);
		}
		const organizationId = organization ? organizations.get(organization) : undefined;
		id = sandbox.addUser({
			name,
			email,
			role: 'end-user',
			locale,
			...(organizationId === undefined ? {} : { organization_id: organizationId }),
		}).id;
		customers.set(email, id);
		return id;
	};
	const customer = (ticket: DemoTicket) => sandbox.as(customerId(ticket));
	return {
		customer,
		agent: ({ language }: DemoTicket) => sandbox.as(agentIds.get(language) as number),
		write: (ticket: DemoTicket) => customer(ticket).createTicket({ subject: ticket.subject, body: ticket.text }).id,
	};
}

const signs = { 1: '✓ answered    ', 2: '✎ drafted     ', 3: '☎ handed over ' } as const;

/** What the assistant decided about each ticket, a line each. */
async function tellDecisions({ query, tell, sandbox }: StoryDeps, ticketIds: readonly number[]): Promise<void> {
	const turns = await query
		.selectFrom('turns')
		.innerJoin('conversations', 'conversations.id', 'turns.conversation_id')
		.select(['external_id', 'turns.language', 'intent', 'tier', 'confidence', 'decision'])
		.where('external_id', 'in', ticketIds.map(String))
		.orderBy('turns.created_at')
		.execute();
	for (const turn of turns) {
		const { subject } = sandbox.ticket(Number(turn.external_id));
		const reason = (turn.decision as { reason?: string } | null)?.reason?.replaceAll('_', ' ') ?? '';
		tell(
			[
				`  #${turn.external_id.padEnd(4)}${turn.language}  ${signs[turn.tier as 1 | 2 | 3] ?? ''}`,
				(turn.confidence ?? 0).toFixed(2),
				`${turn.intent}`.padEnd(20),
				`${subject.slice(0, 48)}${turn.tier === 1 ? '' : ` — ${reason}`}`,
			].join(' '),
		);
	}
}

/** The manager's part: what has no organisation of its own is published for everybody. */
async function publishCandidates({ candidates, tell }: StoryDeps): Promise<void> {
	for (const candidate of await candidates.list()) {
		const line = `  ${candidate.language}  “${candidate.title}”`;
		if (candidate.state === 'published') tell(`${line} published by rule for the customer’s organisation`);
		const concerns = candidate.flags.filter(({ kind }) => kind !== 'needs_audience');
		if (candidate.state !== 'staged') continue;
		if (concerns.length > 0) {
			tell(`${line} waits for a person: ${concerns.map(({ kind }) => kind.replaceAll('_', ' ')).join(', ')}`);
			continue;
		}
		await candidates.publish(candidate.id, 'operator', 'public');
		tell(`${line} published for everybody by the manager`);
	}
}
