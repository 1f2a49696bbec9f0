import { recordInvalid, recordNotFound } from './api-error.ts';
import { type Desk, isoSeconds, takeId } from './desk.ts';
import type { UserInput } from './schema.ts';
import type { Organization, User, ZendeskState } from './state.ts';

/** Zendesk's numbers for the locales the demo uses; others are kept by tag and shown as English's number. */
const localeIds: Record<string, number> = { 'en-US': 1, es: 2, de: 8, fr: 16, 'pt-BR': 19 };

/** Throws 404 where there is none. */
export function findUser(state: ZendeskState, id: number): User {
	const user = state.users[id];
	if (user === undefined) throw recordNotFound();
	return user;
}

/** Whatever the case of the letters. */
export function findUserByEmail(state: ZendeskState, email: string): User | undefined {
	return Object.values(state.users).find(user => user.email?.toLowerCase() === email.toLowerCase());
}

/** Finds by e-mail, then by external id; changes only what is given. */
export function createOrUpdateUser(desk: Desk, input: UserInput): { user: User; isNew: boolean } {
	const state = desk.state();
	const known =
		(input.email === undefined ? undefined : findUserByEmail(state, input.email)) ??
		Object.values(state.users).find(user => input.external_id != null && user.external_id === input.external_id);
	if (known === undefined) return { user: createUser(desk, input), isNew: true };
	Object.assign(known, {
		...(input.name !== undefined && { name: input.name }),
		...(input.role !== undefined && { role: input.role }),
		...(input.organization_id !== undefined && { organization_id: input.organization_id }),
		...(input.external_id !== undefined && { external_id: input.external_id }),
		...(input.tags !== undefined && { tags: input.tags }),
		...((input.locale !== undefined || input.locale_id !== undefined) && localeOf(input)),
		updated_at: isoSeconds(desk.now()),
	});
	return { user: known, isNew: false };
}

/** Adds a user, with a given id where a test needs to know it. */
export function createUser(desk: Desk, input: UserInput & { id?: number }): User {
	const state = desk.state();
	const name = input.name ?? input.email?.split('@')[0];
	if (name === undefined || name === '') throw recordInvalid('name', 'BlankValue', 'Name: cannot be blank');
	const at = isoSeconds(desk.now());
	const user: User = {
		id: input.id ?? takeId(state),
		name,
		email: input.email ?? null,
		role: input.role ?? 'end-user',
		...localeOf(input),
		organization_id: input.organization_id ?? null,
		external_id: input.external_id ?? null,
		tags: input.tags ?? [],
		active: true,
		created_at: at,
		updated_at: at,
	};
	state.users[user.id] = user;
	return user;
}

/** Adds a customer organisation. */
export function createOrganization(
	desk: Desk,
	input: { id?: number; name: string; external_id?: string },
): Organization {
	const state = desk.state();
	const organization: Organization = {
		id: input.id ?? takeId(state),
		name: input.name,
		external_id: input.external_id ?? null,
		tags: [],
		created_at: isoSeconds(desk.now()),
	};
	state.organizations[organization.id] = organization;
	return organization;
}

/** A user as the API shows it. */
export function presentUser(user: User, baseUrl: string): User & { url: string } {
	return { ...user, url: `${baseUrl}/api/v2/users/${user.id}.json` };
}

function localeOf({ locale, locale_id }: UserInput): Pick<User, 'locale' | 'locale_id'> {
	const byNumber = Object.entries(localeIds).find(([, number]) => number === locale_id)?.[0];
	const tag = locale ?? byNumber ?? 'en-US';
	return { locale: tag, locale_id: locale_id ?? localeIds[tag] ?? localeIds[tag.split('-')[0] ?? ''] ?? 1 };
}
