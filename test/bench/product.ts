// The product as src/main.ts starts it, and around its thinking, where it is asked for, a model that takes its time.
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import { pino } from 'pino';
import { assemble, assembleWeb } from '../../src/assemble.ts';
import { readSettings, Settings } from '../../src/config.ts';
import { giveWay } from '../../src/give-way.ts';
import { logOptions } from '../../src/safety/log-redaction.ts';
import type { Thinking } from '../../src/turns/thinking.ts';
import { ready } from './child.ts';
import { modelTimeMs } from './model-time.ts';

const settings = readSettings(Settings, process.env);
giveWay(settings.ROLE);
const log = pino({ ...logOptions, level: settings.LOG_LEVEL });
const understudy = settings.ROLE === 'web' ? await assembleWeb(process.env, log) : await startWorker();
const server = serve({ fetch: understudy.product.http.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
	ready(port, async () => {
		server.close();
		await understudy.close();
	});
}) as Server;
await understudy.zendesk.connect();

async function startWorker() {
	const worker = await assemble(process.env, log, process.env.HAS_MODEL ? { wrapThinking: withModel } : {});
	await worker.work();
	return worker;
}

/** Thinks as before, and answers only when a model would have. */
function withModel(thinking: Thinking): Thinking {
	return {
		async think(matter) {
			await sleep(modelTimeMs(matter.conversation.externalId));
			return thinking.think(matter);
		},
	};
}
