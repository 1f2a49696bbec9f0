// Row-level security needs to know who asks. Every statement of a tenant's runs in a transaction that says so first, and in a
// role that cannot look past it; what is set ends with the transaction, so nothing leaks through a pool, PgBouncer's included.
import {
	CompiledQuery,
	type DatabaseConnection,
	type Dialect,
	type Driver,
	type QueryExecutorProvider,
	type QueryResult,
	sql,
	type TransactionSettings,
} from 'kysely';
import { allOver } from './all-over.ts';

/** The role that every tenant's statements run in, where the connection's own would not be bound by row-level security. */
export const applicationRole = 'understudy_app';

/** The application role where the connection's own rights go past row-level security; none where they do not. */
export async function findApplicationRole(query: QueryExecutorProvider): Promise<string | undefined> {
	const { rows } = await sql<{ bypasses: boolean }>`
		select rolsuper or rolbypassrls as bypasses from pg_roles where rolname = current_user`.execute(query);
	return rows[0]?.bypasses ? applicationRole : undefined;
}

/**
 * A dialect whose every statement sees and touches the rows of one tenant alone.
 * @param server what a server needs beyond the embedded engine.
 */
export function createTenantDialect(
	dialect: Dialect,
	tenantId: string,
	role: string | undefined,
	server?: ServerNeeds,
): Dialect {
	const settings = { 'understudy.tenant': tenantId, ...(role ? { role } : {}), ...server?.settings };
	const names = Object.keys(settings);
	const enter = CompiledQuery.raw(
		`select ${names.map((name, index) => `set_config('${name}', $${index + 1}, true)`).join(', ')}`,
		Object.values(settings),
	);
	return {
		createAdapter: () => dialect.createAdapter(),
		createIntrospector: db => dialect.createIntrospector(db),
		createQueryCompiler: () => dialect.createQueryCompiler(),
		createDriver: () => createTenantDriver(dialect.createDriver(), enter, server && inOneTrip(enter, server.quote)),
	};
}

/** How transactions of a tenant begin on a server. */
export interface ServerNeeds {
	/** Makes a literal of a text: a server takes several statements at once, so beginning and saying whose it is are one trip. */
	quote: (text: string) => string;
	/** Set for each transaction as well. */
	settings: Record<string, string>;
}

function inOneTrip({ sql: text, parameters }: CompiledQuery, quote: (text: string) => string): CompiledQuery {
	return CompiledQuery.raw(`begin; ${text.replaceAll(/\$(\d)/g, (_, n) => quote(String(parameters[Number(n) - 1])))}`);
}

interface TenantConnection extends DatabaseConnection {
	inner: DatabaseConnection;
	isInTransaction: boolean;
	/** The beginning of the transaction, where it has been sent and not been answered yet. */
	beginning?: Promise<unknown> | undefined;
}

function createTenantDriver(driver: Driver, enter: CompiledQuery, beginAndEnter: CompiledQuery | undefined): Driver {
	const innerOf = (connection: DatabaseConnection) => (connection as TenantConnection).inner;
	const begin = async (connection: TenantConnection, settings: TransactionSettings) => {
		const { inner } = connection;
		if (beginAndEnter && settings.isolationLevel === undefined && settings.accessMode === undefined) {
			// Not waited for: a server does what is sent in its order, and after a beginning that failed it refuses the rest.
			connection.beginning = inner.executeQuery(beginAndEnter);
			connection.beginning.catch(() => undefined);
			return;
		}
		await driver.beginTransaction(inner, settings);
		try {
			await inner.executeQuery(enter);
		} catch (error) {
			await driver.rollbackTransaction(inner);
			throw error;
		}
	};

	return {
		init: options => driver.init(options),
		destroy: () => driver.destroy(),
		releaseConnection: connection => driver.releaseConnection(innerOf(connection)),
		async acquireConnection() {
			const inner = await driver.acquireConnection();
			const connection: TenantConnection = {
				inner,
				isInTransaction: false,
				async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
					if (connection.isInTransaction) {
						const [, result] = await allOver(connection.beginning, inner.executeQuery<R>(query));
						connection.beginning = undefined;
						return result;
					}
					if (beginAndEnter) {
						const beginning = inner.executeQuery(beginAndEnter);
						// Of a transaction that has failed, committing makes a rollback.
						const [, result] = await allOver(beginning, inner.executeQuery<R>(query), driver.commitTransaction(inner));
						return result;
					}
					await begin(connection, {});
					try {
						const result = await inner.executeQuery<R>(query);
						await driver.commitTransaction(inner);
						return result;
					} catch (error) {
						await driver.rollbackTransaction(inner);
						throw error;
					}
				},
				streamQuery() {
					throw new Error('A tenant’s statements are not streamed.');
				},
			};
			return connection;
		},
		async beginTransaction(connection, settings) {
			await begin(connection as TenantConnection, settings);
			(connection as TenantConnection).isInTransaction = true;
		},
		async commitTransaction(connection) {
			const { beginning, inner } = connection as TenantConnection;
			(connection as TenantConnection).isInTransaction = false;
			await allOver(beginning, driver.commitTransaction(inner));
		},
		async rollbackTransaction(connection) {
			(connection as TenantConnection).isInTransaction = false;
			await driver.rollbackTransaction(innerOf(connection));
		},
	};
}
