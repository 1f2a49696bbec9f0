import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { type Command, Option } from 'commander';
import { assemble } from '../assemble.ts';
import { runDemo, takeTickets, tellSummary } from '../commands/demo.ts';
import { products } from '../demo/shop.ts';
import { createZendeskSandbox } from '../demo/zendesk/sandbox.ts';
import { understudyMacros } from '../demo/zendesk/understudy-macros.ts';
import { type Context, exit, json, whole } from './context.ts';

/** Adds `demo`. */
export function addDemoCommand(program: Command, context: Context): void {
	program
		.command('demo')
		.description('play a day of a small shop against a local Zendesk, then take tickets of yours')
		.option('--once', 'stop when the day is over')
		.addOption(new Option('--port <port>', 'where the local Zendesk shows itself').argParser(whole))
		.addOption(json().default(false, 'no'))
		.action(async options => exit(await demo(options, context)));
}

async function demo(
	options: { once?: boolean; json: boolean; port?: number },
	{ env, log, output, onProgress }: Context,
): Promise<number> {
	const startedAt = performance.now();
	const sandbox = await createZendeskSandbox({
		port: options.port ?? (options.once ? 0 : 4010),
		rateLimits: false,
		seed: { macros: understudyMacros },
	});
	const secret = randomUUID();
	const understudy = await assemble(
		{
			...env,
			DATABASE_URL: undefined,
			SETTLE_MS: env.SETTLE_MS ?? '100',
			ZENDESK_URL: sandbox.url,
			ZENDESK_CLIENT_ID: sandbox.credentials.clientId,
			ZENDESK_CLIENT_SECRET: sandbox.credentials.clientSecret,
			ZENDESK_WEBHOOK_SECRET: secret,
		},
		log,
		{ memory: true, onProgress, products },
	);
	const server = serve({ fetch: understudy.product.http.fetch, port: 0, hostname: '127.0.0.1' });
	await new Promise(resolve => server.once('listening', resolve));
	const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/zendesk`;
	const subscriptions = ['comment_added', 'status_changed', 'tags_changed'].map(
		name => `zen:event-type:ticket.${name}`,
	);
	sandbox.addWebhook({ endpoint, subscriptions, secret });
	await understudy.zendesk.connect();
	await understudy.work();

	const { knowledge, candidates: harvested } = understudy.product;
	const deps = { sandbox, query: understudy.database.query, knowledge, candidates: harvested, output, startedAt };
	const summary = await runDemo(deps);
	tellSummary(summary, output);
	if (!options.once) {
		output.note(
			`\nLook around: ${sandbox.viewUrl} (every ticket, with the internal notes; you can play the agent there).`,
		);
		output.note('Or write a ticket here, in any of the five languages. Ctrl-D ends the demo.');
		await takeTickets(deps);
	}
	server.close();
	await understudy.close();
	await sandbox.close();
	if (options.json) output.line(JSON.stringify(summary));
	return 0;
}
