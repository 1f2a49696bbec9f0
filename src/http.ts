import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Channel } from './channel.ts';
import type { Inbox } from './inbox.ts';
import type { Logger } from './log.ts';
import { boardPath } from './queue/board.ts';
import { giveRequestId } from './request-id.ts';

export interface HttpDeps {
	channels: readonly Channel[];
	inbox: Pick<Inbox, 'accept'>;
	/** What must answer for this process to be of use; each throws, or resolves. */
	dependencies: Record<string, () => Promise<unknown>>;
	/** Around every webhook. */
	traceRequest: MiddlewareHandler;
	/** A look into the queues, where it was asked for. */
	board?: Pick<Hono, 'fetch'> | undefined;
	metricsPage: () => Promise<{ contentType: string; text: string }>;
	log: Logger;
}

/** Far above any ticket event; a body beyond it is refused unread. */
const mostBytes = 1024 * 1024;

/** The HTTP side: a webhook verifies, parses, stores and ticks, then acknowledges. What is acknowledged is in the database. */
export function createHttp({ channels, inbox, dependencies, traceRequest, board, metricsPage, log }: HttpDeps): Hono {
	const app = new Hono();
	app.use(giveRequestId);

	for (const channel of channels) {
		app.post(
			`/webhooks/${channel.name}`,
			traceRequest,
			bodyLimit({ maxSize: mostBytes, onError: context => context.json({ error: 'the body is too large' }, 413) }),
			async context => {
				const received = channel.receive({ headers: context.req.raw.headers, body: await context.req.text() });
				if (received.kind === 'refused') {
					log.warn({ channel: channel.name, status: received.status, reason: received.reason }, 'webhook refused');
					return context.json({ error: received.reason }, received.status);
				}
				try {
					return context.json(await inbox.accept(channel.name, received.events));
				} catch (error) {
					log.error({ channel: channel.name, err: error }, 'webhook could not be stored');
					context.header('Retry-After', '2');
					return context.json({ error: 'could not be stored, send it again' }, channel.redeliverStatus);
				}
			},
		);
	}

	if (board) app.all(`${boardPath}/*`, context => board.fetch(context.req.raw));
	app.get('/health', context => context.json({ status: 'alive' }));
	app.get('/ready', context => ready(context, dependencies));
	app.get('/metrics', async context => {
		const { contentType, text } = await metricsPage();
		return context.body(text, 200, { 'content-type': contentType });
	});
	app.notFound(context => context.json({ error: 'no such route' }, 404));
	app.onError((error, context) => {
		log.error({ path: context.req.path, err: error }, 'request failed');
		return context.json({ error: 'internal error' }, 500);
	});
	return app;
}

async function ready(context: Context, dependencies: HttpDeps['dependencies']): Promise<Response> {
	const checks = await Promise.all(
		Object.entries(dependencies).map(async ([name, check]) => {
			try {
				await check();
				return [name, 'ok'] as const;
			} catch (error) {
				return [name, error instanceof Error ? error.message : String(error)] as const;
			}
		}),
	);
	const isReady = checks.every(([, state]) => state === 'ok');
	return context.json({ status: isReady ? 'ready' : 'not ready', ...Object.fromEntries(checks) }, isReady ? 200 : 503);
}
