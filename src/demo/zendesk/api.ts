import type { EmulatorContext } from 'emulate';
import type { z } from 'zod';
import { ApiError, badRequest, forbidden, recordNotFound } from './api-error.ts';
import type { Desk } from './desk.ts';
import { authenticate, type Credentials } from './oauth.ts';
import type { RateLimiter, Spending } from './rate-limit.ts';
import type { User } from './state.ts';

type App = EmulatorContext<object>['app'];
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One authenticated request under `/api/v2`. */
export interface ApiCall {
	actor: User;
	url: URL;
	/** A path parameter without the `.json` some clients end it with. */
	param(name: string): string;
	/** A numeric path parameter; 404 where it is not a number. */
	id(name: string): number;
	header(name: string): string | undefined;
	/** The JSON body's member `name` (or the body itself), parsed; 400 where it does not fit. */
	body<Schema extends z.ZodType>(schema: Schema, name?: string): Promise<z.infer<Schema>>;
	bytes(): Promise<ArrayBuffer>;
	/** Whether `?include=` asks for this side-load. */
	includes(name: string): boolean;
}

/** What a handler answers: a JSON value with 200, or with its own status and headers. */
type ApiAnswer = object | { status: number; json?: object; headers?: Record<string, string> };

interface RouteOptions {
	/** Answers 403 to everybody else. */
	adminOnly?: boolean;
	/** Counts against the ticket update limits; the path has the ticket's `:id`. */
	updatesTicket?: boolean;
	isExport?: boolean;
}

/** Registers a route under `/api/v2`, reachable with and without `.json`. */
export type Route = (
	method: Method,
	path: string,
	handle: (call: ApiCall) => ApiAnswer | Promise<ApiAnswer>,
	options?: RouteOptions,
) => void;

/** The door of the API: authentication, rate limits, parsing, and errors as Zendesk words them. */
export function createApi(app: App, desk: Desk, credentials: Credentials, limiter: RateLimiter): Route {
	return (method, path, handle, options = {}) => {
		for (const spelled of spellings(path)) {
			app.on(method, `/api/v2${spelled}`, async c => {
				try {
					const actor = authenticate(desk, credentials, c.req.header('authorization'));
					const call = readCall(actor, c.req);
					const limitHeaders = limiter.spend(spendingOf(call, options));
					if (options.adminOnly === true && actor.role !== 'admin') throw forbidden();
					return respond(await handle(call), limitHeaders);
				} catch (error) {
					if (!(error instanceof ApiError)) throw error;
					return respond({ status: error.status, json: error.body, headers: error.headers });
				}
			});
		}
	};
}

/** A trailing parameter takes the `.json` with it and loses it again in `param`. */
function spellings(path: string): string[] {
	return /:\w+$/.test(path) ? [path] : [path, `${path}.json`];
}

type HonoRequest = Parameters<Parameters<App['get']>[1]>[0]['req'];

function readCall(actor: User, request: HonoRequest): ApiCall {
	const url = new URL(request.url);
	const param = (name: string) => request.param(name).replace(/\.json$/, '');
	return {
		actor,
		url,
		param,
		id(name) {
			if (!/^\d+$/.test(param(name))) throw recordNotFound();
			return Number(param(name));
		},
		header: name => request.header(name),
		async body(schema, name) {
			const json: unknown = await request.raw.json().catch(() => ({}));
			const member = name === undefined ? json : (json as Record<string, unknown> | null)?.[name];
			const parsed = schema.safeParse(member);
			if (!parsed.success) throw badRequest(`${name ?? 'body'}: ${parsed.error.message}`);
			return parsed.data;
		},
		bytes: () => request.arrayBuffer(),
		includes: name => (url.searchParams.get('include') ?? '').split(',').includes(name),
	};
}

function spendingOf(call: ApiCall, { updatesTicket, isExport }: RouteOptions): Spending {
	return {
		userId: call.actor.id,
		updatesTicketId: updatesTicket === true ? call.id('id') : undefined,
		isExport: isExport === true,
	};
}

function respond(answer: ApiAnswer, headers: Record<string, string> = {}): Response {
	if (!('status' in answer) || typeof answer.status !== 'number') return Response.json(answer, { headers });
	const own = answer as { status: number; json?: object; headers?: Record<string, string> };
	const init = { status: own.status, headers: { ...headers, ...own.headers } };
	return own.json === undefined ? new Response(null, init) : Response.json(own.json, init);
}
