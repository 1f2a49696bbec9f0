import type { Route } from './api.ts';
import { recordNotFound } from './api-error.ts';
import type { Desk } from './desk.ts';
import { paginate } from './pagination.ts';
import { UserInput } from './schema.ts';
import type { User } from './state.ts';
import { createOrUpdateUser, findUser, presentUser } from './users.ts';

/** Users and the organizations they belong to. */
export function routeUsers(route: Route, desk: Desk): void {
	const present = (user: User) => presentUser(user, desk.baseUrl());
	const allUsers = () => Object.values(desk.state().users).map(present);
	route('GET', '/users/me', call => ({ user: present(call.actor) }));
	route('GET', '/users/show_many', call => {
		const ids = new Set((call.url.searchParams.get('ids') ?? '').split(','));
		const users = allUsers().filter(user => ids.has(String(user.id)));
		return { users, count: users.length, next_page: null, previous_page: null };
	});
	route('GET', '/users', call => paginate('users', allUsers(), call.url).envelope);
	route('GET', '/users/:id', call => ({ user: present(findUser(desk.state(), call.id('id'))) }));
	route('POST', '/users/create_or_update', async call => {
		const { user, isNew } = createOrUpdateUser(desk, await call.body(UserInput, 'user'));
		return { status: isNew ? 201 : 200, json: { user: present(user) } };
	});
	const organizations = () => Object.values(desk.state().organizations);
	route('GET', '/organizations', call => paginate('organizations', organizations(), call.url).envelope);
	route('GET', '/organizations/:id', call => {
		const organization = desk.state().organizations[call.id('id')];
		if (organization === undefined) throw recordNotFound();
		return { organization };
	});
}
