// What goes wrong and when: drawn from one seed, so that a run that fails can be run again.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ZendeskSandbox } from '../../src/demo/zendesk/sandbox.ts';
import type { PrivatePostgres, PrivateRedis } from './private-services.ts';
import type { ProductProcess } from './processes.ts';

export interface Victims {
	processes: readonly ProductProcess[];
	postgres: PrivatePostgres;
	redis: PrivateRedis | undefined;
	sandbox: ZendeskSandbox;
}

/** Faults of the vendor that are on during the whole run. */
export function armVendorFaults(sandbox: ZendeskSandbox): void {
	const { faults } = sandbox;
	faults.api({ kind: 'status', status: 500, probability: 0.01 });
	faults.api({ kind: 'status', status: 502, afterEffect: true, probability: 0.01 });
	faults.api({ kind: 'drop', afterEffect: true, probability: 0.01 });
	faults.api({ kind: 'drop', probability: 0.005 });
	faults.api({ kind: 'status', status: 429, retryAfterSeconds: 1, probability: 0.01 });
	faults.api({ kind: 'slow', ms: 300, probability: 0.03 });
	faults.api({ kind: 'hang', ms: 3000, afterEffect: true, probability: 0.001 });
	faults.webhook({ kind: 'duplicate', probability: 0.05 });
	faults.webhook({ kind: 'reorder', probability: 0.05 });
	faults.webhook({ kind: 'delay', ms: 1500, probability: 0.03 });
	faults.webhook({ kind: 'drop', probability: 0.02 });
}

/** What goes wrong besides the vendor, and how often compared with the others. */
const weights = {
	'kill -9 of a worker': 6,
	'kill -9 of a web process': 3,
	'kill -9 of everything': 1,
	'PostgreSQL crashes': 1,
	'connections to PostgreSQL cut': 1,
	'the helpdesk is down': 2,
	'Redis killed and emptied': 1,
	'Redis paused': 1,
};
type Act = keyof typeof weights;

/** The acts whose names hold these words; those of Redis where there is one. */
export function actsNamed(words: string, hasRedis: boolean): Act[] {
	const acts = Object.keys(weights) as Act[];
	return acts.filter(act => act.includes(words) && (hasRedis || !act.startsWith('Redis')));
}

/** Does one terrible thing after another until told to stop; resolves when the last is over. */
export async function makeMischief(
	{ processes, postgres, redis, sandbox }: Victims,
	acts: readonly Act[],
	random: () => number,
	everyMs: number,
	signal: AbortSignal,
	tell: (what: string) => void,
): Promise<Record<string, number>> {
	const of = (role: 'web' | 'worker') => processes.filter(process => process.role === role);
	const pick = <T>(some: readonly T[]) => some[Math.floor(random() * some.length)] as T;
	const ways: Record<Act, () => Promise<unknown>> = {
		'kill -9 of a worker': async () => pick(of('worker')).kill(),
		'kill -9 of a web process': async () => pick(of('web')).kill(),
		'kill -9 of everything': async () => processes.map(process => process.kill()),
		'PostgreSQL crashes': () => postgres.crash(),
		'connections to PostgreSQL cut': () => postgres.cutConnections(),
		'the helpdesk is down': () => outage(sandbox, 2000 + random() * 6000),
		'Redis killed and emptied': async () => redis?.killAndEmpty(random() * 2000),
		'Redis paused': async () => redis?.pause(500 + random() * 2500),
	};
	const drawn = acts.flatMap(act => Array.from({ length: weights[act] }, () => act));
	const done: Record<string, number> = {};
	while (!signal.aborted) {
		await sleep(everyMs * (0.5 + random()), undefined, { signal }).catch(() => undefined);
		if (signal.aborted) break;
		const act = pick(drawn);
		tell(act);
		done[act] = (done[act] ?? 0) + 1;
		await ways[act]();
	}
	return done;
}

async function outage(sandbox: ZendeskSandbox, ms: number): Promise<void> {
	const end = sandbox.faults.api({ kind: 'status', status: 503, probability: 1 });
	await sleep(ms);
	end();
}
