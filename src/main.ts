import { serve } from '@hono/node-server';
import { pino } from 'pino';
import { assemble, assembleWeb, type Understudy } from './assemble.ts';
import { checkRole, readSettings, Settings } from './config.ts';
import { isUnderstudyError } from './errors.ts';
import type { Logger } from './log.ts';
import { logOptions } from './safety/log-redaction.ts';

/** Reads the environment, starts the roles it asks for, and stops cleanly when told to. */
async function main(): Promise<void> {
	const settings = readSettings(Settings, process.env);
	checkRole(settings);
	const log = pino({ ...logOptions, level: settings.LOG_LEVEL });
	const understudy = settings.ROLE === 'web' ? await assembleWeb(process.env, log) : await startWorker(log);
	const stops: (() => Promise<unknown>)[] = [() => understudy.close()];

	if (settings.ROLE !== 'worker') {
		const server = serve({ fetch: understudy.product.http.fetch, port: settings.PORT }, ({ port }) =>
			log.info(
				{ port },
				`listening; Zendesk's webhook goes to ${settings.PUBLIC_URL ?? `http://localhost:${port}`}/webhooks/zendesk`,
			),
		);
		stops.unshift(() => new Promise(resolve => server.close(resolve)));
	}
	const me = await understudy.zendesk
		.connect()
		.catch(error => log.error({ err: error }, 'Zendesk cannot be reached yet'));
	if (me) log.info({ userId: me.id }, 'connected to Zendesk');

	const stop = async (signal: string) => {
		log.info({ signal }, 'stopping: no new work, finishing what is under way');
		for (const close of stops) await close();
		process.exit(0);
	};
	process.once('SIGTERM', () => void stop('SIGTERM'));
	process.once('SIGINT', () => void stop('SIGINT'));
}

async function startWorker(log: Logger): Promise<Understudy> {
	const understudy = await assemble(process.env, log, { onProgress: message => log.info({}, message) });
	await understudy.work();
	return understudy;
}

try {
	await main();
} catch (error) {
	if (!isUnderstudyError(error)) throw error;
	process.stderr.write(`${error.message}\n`);
	process.exit(1);
}
