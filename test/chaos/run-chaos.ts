// One run: customers write while processes, services and the vendor fail; then everything is counted.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { root } from '../../src/assemble.ts';
import { openPostgres } from '../../src/database/open-postgres.ts';
import { settled } from '../../src/demo/settled.ts';
import { createZendeskSandbox } from '../../src/demo/zendesk/sandbox.ts';
import { understudyMacros } from '../../src/demo/zendesk/understudy-macros.ts';
import { createRandom } from '../../src/triage/linear-model.ts';
import { judge, type Verdict } from './ledger.ts';
import { actsNamed, armVendorFaults, makeMischief } from './mischief.ts';
import { startPostgres, startRedis } from './private-services.ts';
import { startBalancer, startProcess } from './processes.ts';

export interface ChaosOptions {
	tickets: number;
	seed: number;
	/** Where the queue is. */
	rung: 'postgres' | 'redis';
	/** Tickets a second. */
	rate: number;
	/** Mean time between two acts of mischief; 0 for none. */
	mischiefEveryMs: number;
	/** The acts of mischief; all of them where it is not said. */
	acts?: ReturnType<typeof actsNamed>;
	/** Where PostgreSQL's programs are. */
	programs: string;
	modelsDir: string;
	/** The training examples; the product's own unless said. */
	localesDir?: string;
	/** How long the backlog may take once everything is whole again. */
	settleTimeoutMs: number;
	tell: (line: string) => void;
}

export interface ChaosResult extends Verdict {
	mischief: Record<string, number>;
	struck: number;
	crashes: number;
	seconds: number;
	settleSeconds: number;
	/** Where the logs of the processes are; gone where all went well. */
	logs: string;
}

const questions = [
	'How long does standard delivery take?',
	'where is my order NB-10442, it should have come on tuesday',
	'¿Cuánto tarda el envío a Canarias?',
	'Je voudrais savoir quand mon remboursement arrive',
	'Wie entkalke ich den Wasserkocher?',
	'Como faço para pausar o clube?',
	'My kettle shows E2 and beeps',
	'My solicitor will write to you about this',
	'I want to speak to a human please',
	'thanks, all sorted!',
];
const followUps = ['hello? anyone there', 'sorry, I meant the express one', 'et aussi la facture svp', '¿hola?'];

export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
	const { tell } = options;
	const random = createRandom(options.seed);
	const folder = await mkdtemp(join(tmpdir(), `understudy-chaos-${options.seed}-`));
	const startedAt = performance.now();
	const postgres = await startPostgres(options.programs);
	const redis = options.rung === 'redis' ? await startRedis() : undefined;
	const secret = randomUUID();
	const sandbox = await createZendeskSandbox({
		rateLimits: false,
		random: createRandom(options.seed + 1),
		delivery: { timeoutMs: 12_000, retryDelayMs: 200, retryAfterSecondMs: 300 },
		seed: { macros: understudyMacros },
	});
	const agentId = sandbox.addUser({ name: 'Grace Holloway', email: 'grace@shop.example', role: 'agent' }).id;
	const env: Record<string, string> = {
		DATABASE_URL: postgres.url,
		DATA_DIR: options.modelsDir,
		...(options.localesDir ? { LOCALES_DIR: options.localesDir } : {}),
		SETTLE_MS: '50',
		LOG_LEVEL: 'info',
		ZENDESK_URL: sandbox.url,
		ZENDESK_CLIENT_ID: sandbox.credentials.clientId,
		ZENDESK_CLIENT_SECRET: sandbox.credentials.clientSecret,
		ZENDESK_WEBHOOK_SECRET: secret,
		...(redis ? { REDIS_URL: redis.url } : {}),
	};
	tell('importing the shop’s help pages');
	const importing = [
		join(root, 'src/cli.ts'),
		'import',
		join(root, 'src/demo/articles', options.localesDir ? 'en' : ''),
	];
	await promisify(execFile)(process.execPath, importing, { env: { PATH: process.env.PATH, ...env }, timeout: 120_000 });

	// Two of each, and no two clocks alike.
	const processes = await Promise.all(
		(['web', 'web', 'worker', 'worker'] as const).map((role, i) =>
			startProcess(role, env, join(folder, `${role}-${i}.log`), [0, 4000, -3000, 2000][i] as number),
		),
	);
	await Promise.all(processes.map(process => process.ready(60_000)));
	const balancer = await startBalancer(processes.filter(({ role }) => role === 'web'));
	const subscriptions = ['comment_added', 'status_changed', 'tags_changed'].map(
		name => `zen:event-type:ticket.${name}`,
	);
	sandbox.addWebhook({ endpoint: `${balancer.url}/webhooks/zendesk`, subscriptions, secret });
	const database = await openPostgres(postgres.url);

	armVendorFaults(sandbox);
	const stop = new AbortController();
	const mischief =
		options.mischiefEveryMs > 0
			? makeMischief(
					{ processes, postgres, redis, sandbox },
					options.acts ?? actsNamed('', redis !== undefined),
					createRandom(options.seed + 2),
					options.mischiefEveryMs,
					stop.signal,
					what => tell(`  ${((performance.now() - startedAt) / 1000).toFixed(0)} s  ${what}`),
				)
			: Promise.resolve({});
	const later: Promise<void>[] = [];
	let due = performance.now();
	for (let ticket = 0; ticket < options.tickets; ticket++) {
		later.push(...write(ticket));
		if (ticket % 500 === 499) tell(`${ticket + 1} of ${options.tickets} tickets written`);
		due += (1000 / options.rate) * (0.5 + random());
		// Behind time where the machine is busy, and then without a pause; but others get their turn.
		await sleep(Math.max(0, due - performance.now()));
	}
	await Promise.all(later);
	stop.abort();
	const done = await mischief;
	sandbox.faults.clear();
	tell('everybody has written, the faults are off; waiting for the backlog');
	const writtenAt = performance.now();
	let isSettled = true;
	// The last crash may have taken this connection with it.
	await settled(database.query, () => sandbox.idle(), options.settleTimeoutMs).catch(error => {
		isSettled = false;
		tell(`not settled: ${error instanceof Error ? error.message : error}`);
	});
	const settleSeconds = (performance.now() - writtenAt) / 1000;

	const claims = await sql<{ id: string; based_on: string | null }>`
		select id, payload ->> 'basedOn' as based_on from deliveries where kind = 'reply'`.execute(database.query);
	const basedOn = new Map(claims.rows.flatMap(row => (row.based_on ? [[row.id, row.based_on] as const] : [])));
	const verdict = judge(sandbox, basedOn, userId => userId === agentId);
	await Promise.all(processes.map(process => process.stop()));
	await balancer.close();
	await database.close();
	await redis?.stop();
	await postgres.stop();
	const struck = sandbox.faults.struck();
	await sandbox.close();
	const isGood = isSettled && !verdict.lost.length && !verdict.doubled.length && !verdict.disordered.length;
	if (isGood) await rm(folder, { recursive: true });
	return {
		...verdict,
		mischief: done,
		struck,
		crashes: processes.reduce((sum, process) => sum + process.crashes(), 0),
		seconds: (performance.now() - startedAt) / 1000,
		settleSeconds: isSettled ? settleSeconds : Number.POSITIVE_INFINITY,
		logs: isGood ? '' : folder,
	};

	/** One customer's ticket, with what they and an agent add later. */
	function write(number: number): Promise<void>[] {
		const customer = sandbox.as(
			sandbox.addUser({ name: `Customer ${number}`, email: `customer-${number}@example.com`, role: 'end-user' }).id,
		);
		const pick = (some: readonly string[]) => some[Math.floor(random() * some.length)] as string;
		const { id } = customer.createTicket({ subject: `Question ${number}`, body: pick(questions) });
		const fate = random();
		const waitMs = random() * 4000;
		const after = async (ms: number, act: () => void) => {
			await sleep(ms);
			act();
		};
		if (fate < 0.15) return [after(waitMs, () => customer.comment(id, pick(followUps)))];
		if (fate < 0.25) {
			return [after(20, () => customer.comment(id, pick(followUps))), after(waitMs, () => customer.comment(id, 'so?'))];
		}
		if (fate < 0.3) return [after(waitMs, () => sandbox.as(agentId).comment(id, 'I will look after this one.'))];
		return [];
	}
}
