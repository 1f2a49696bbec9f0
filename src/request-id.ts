import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { withLogContext } from './log-context.ts';

/** What may stand in a log line unread: a proxy's id, not whatever somebody puts into a header. */
const wellFormed = /^[\w.-]{1,64}$/;

/** Every request has an id: a proxy's own, or a new one. Its answer and every log line about it bear it. */
export const giveRequestId: MiddlewareHandler = async (context, next) => {
	const given = context.req.header('x-request-id') ?? '';
	const requestId = wellFormed.test(given) ? given : randomUUID();
	await withLogContext({ requestId }, next);
	context.header('x-request-id', requestId);
};
