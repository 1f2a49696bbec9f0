// The way of a message with nothing on it: what the machine and the engines allow, and so what the product is measured by.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Agent, createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { ready } from './child.ts';
import { modelTimeMs } from './model-time.ts';
import { createSkeletonQueue, queueOnPglite, queueOnPostgres, queueOnRedis } from './skeleton-queue.ts';
import { createSkeletonSteps, type Outgoing } from './skeleton-steps.ts';
import { type Statement, statementsOnPglite, statementsOnPostgres, tables } from './skeleton-tables.ts';
import { webhookSecret } from './tickets.ts';

const { DATABASE_URL, REDIS_URL, ROLE, SINK_URL = '', CONCURRENCY = '100', HAS_MODEL } = process.env;

const { run, engine } = await openEngines();
for (const table of tables) await run('', table, []);
const steps = createSkeletonSteps(run);
const queue = createSkeletonQueue('respond', engine);
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

const server = createServer((incoming, outgoing) => {
	let body = '';
	incoming.setEncoding('utf8');
	incoming.on('data', chunk => {
		body += chunk;
	});
	incoming.on('end', () => {
		take(incoming, body).then(
			status => outgoing.writeHead(status).end(),
			error => outgoing.writeHead(500).end(String(error)),
		);
	});
});
if (ROLE !== 'web') await work();
server.listen(0, '127.0.0.1', () => ready((server.address() as AddressInfo).port));

async function openEngines(): Promise<{ run: Statement; engine: Parameters<typeof createSkeletonQueue>[1] }> {
	if (DATABASE_URL) {
		const engine = REDIS_URL ? queueOnRedis(REDIS_URL) : await queueOnPostgres(DATABASE_URL);
		return { run: statementsOnPostgres(DATABASE_URL).run, engine };
	}
	const pglite = await PGlite.create(process.env.DATA_DIR as string);
	await pglite.exec('create schema if not exists bullmq; set search_path to public, bullmq');
	return { run: statementsOnPglite(pglite), engine: await queueOnPglite(pglite) };
}

async function take({ headers }: IncomingMessage, body: string): Promise<number> {
	const timestamp = headers['x-zendesk-webhook-signature-timestamp'] as string;
	const expected = createHmac('sha256', webhookSecret)
		.update(timestamp + body)
		.digest();
	const given = Buffer.from(headers['x-zendesk-webhook-signature'] as string, 'base64');
	if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 401;
	const { detail, event } = JSON.parse(body) as Envelope;
	const { id: externalId, body: text } = event.comment;
	await queue.tick(await steps.accept({ thread: detail.id, externalId, text }));
	return 200;
}

/** Sends in the same job: a hop to another costs more than it frees, on PostgreSQL most of all. */
async function work(): Promise<void> {
	await queue.work(async conversationId => {
		const turn = await steps.open(conversationId);
		if (!turn) return;
		if (HAS_MODEL) await sleep(modelTimeMs(turn.thread));
		const outgoing = await steps.conclude({ id: turn.id, answer: `About “${turn.text.slice(0, 100)}”: yes.` });
		if (outgoing) await send(outgoing);
	}, Number(CONCURRENCY));
}

async function send({ seq, thread, text }: Outgoing): Promise<void> {
	await post(JSON.stringify({ ticket: Number(thread), text }));
	await steps.sent(seq);
}

function post(body: string): Promise<void> {
	const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
	return new Promise((resolve, reject) => {
		const sent = request(`${SINK_URL}/bench/effect`, { method: 'POST', headers, agent }, answer => {
			answer.resume();
			answer.once('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(`${answer.statusCode}`))));
		});
		sent.once('error', reject);
		sent.end(body);
	});
}

interface Envelope {
	detail: { id: string };
	event: { comment: { id: string; body: string } };
}
