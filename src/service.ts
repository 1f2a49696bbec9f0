import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { pino } from 'pino';
import { assemble, assembleWeb, type Understudy, type WebProcess } from './assemble.ts';
import { checkRole, type Environment, readSettings, Settings } from './config.ts';
import { isOutage, isUnderstudyError, UnderstudyError } from './errors.ts';
import { giveWay } from './give-way.ts';
import type { Logger } from './log.ts';
import { logOptions } from './safety/log-redaction.ts';

/** Runs one process of an installation until it is told to stop; a setting that is not valid ends it with what is wrong. */
export async function runService(env: Environment): Promise<void> {
	try {
		await start(env);
	} catch (error) {
		// A service that went away while this process was starting: whoever supervises it starts it again.
		if (!isUnderstudyError(error) && !isOutage(error)) throw error;
		process.stderr.write(`${(error as Error).message}\n`);
		process.exit(1);
	}
}

/** Reads the environment, starts the roles it asks for, and stops cleanly when told to, or when a part of it cannot start. */
async function start(env: Environment): Promise<void> {
	const settings = readSettings(Settings, env);
	checkRole(settings);
	giveWay(settings.ROLE);
	const log = pino({ ...logOptions, level: settings.LOG_LEVEL });
	const understudy: WebProcess & Partial<Pick<Understudy, 'work'>> =
		settings.ROLE === 'web'
			? await assembleWeb(env, log)
			: await assemble(env, log, { onProgress: message => log.info({}, message) });
	const closers: (() => Promise<unknown>)[] = [() => understudy.close()];
	const close = async () => {
		for (const one of closers.splice(0)) await one();
	};
	stopWhenTold(close, log);
	try {
		const server = await listen(understudy.product.http.fetch, settings.PORT);
		closers.unshift(() => stopListening(server));
		await understudy.work?.();
		tellWhereItIs(server, settings, log);
	} catch (error) {
		await close();
		throw error;
	}
	const me = await understudy.zendesk
		.connect()
		.catch(error => log.error({ err: error }, 'Zendesk cannot be reached yet'));
	if (me) log.info({ userId: me.id }, 'connected to Zendesk');
}

function stopWhenTold(close: () => Promise<void>, log: Logger): void {
	const stop = async (signal: string) => {
		log.info({ signal }, 'stopping: no new work, finishing what is under way');
		await close();
		process.exit(0);
	};
	process.once('SIGTERM', () => void stop('SIGTERM'));
	process.once('SIGINT', () => void stop('SIGINT'));
}

function tellWhereItIs(server: Server, { PUBLIC_URL, ROLE: role }: Settings, log: Logger): void {
	const { port } = server.address() as AddressInfo;
	const address = PUBLIC_URL ?? `http://localhost:${port}`;
	log.info(
		{ port, role },
		role === 'worker'
			? 'working; /health, /ready and /metrics are here'
			: `listening; Zendesk's webhook goes to ${address}/webhooks/zendesk`,
	);
}

/** @throws UnderstudyError where the port is somebody else's. */
function listen(fetch: Parameters<typeof serve>[0]['fetch'], port: number): Promise<Server> {
	return new Promise((resolve, reject) => {
		const server = serve({ fetch, port }, () => resolve(server as Server));
		server.once('error', (cause: NodeJS.ErrnoException) => {
			const why = cause.code === 'EADDRINUSE' ? 'is taken: every process on a machine needs its own' : cause.message;
			reject(new UnderstudyError('SETTINGS_INVALID', `PORT ${port} ${why}.`, { cause }));
		});
	});
}

/** Requests under way are answered; connections that only wait for another are not waited for. */
function stopListening(server: Server): Promise<void> {
	return new Promise(resolve => {
		server.close(() => resolve());
		server.closeIdleConnections();
	});
}
