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

/** Does one terrible thing after another until told to stop; resolves when the last is over. */
export async function makeMischief(
	victims: Victims,
	random: () => number,
	everyMs: number,
	signal: AbortSignal,
	tell: (what: string) => void,
): Promise<Record<string, number>> {
	const { processes, postgres, redis, sandbox } = victims;
	const of = (role: 'web' | 'worker') => processes.filter(process => process.role === role);
	const pick = <T>(some: readonly T[]) => some[Math.floor(random() * some.length)] as T;
	const acts: [weight: number, name: string, act: () => Promise<void>][] = [
		[6, 'kill -9 of a worker', async () => pick(of('worker')).kill()],
		[3, 'kill -9 of a web process', async () => pick(of('web')).kill()],
		[1, 'kill -9 of everything', async () => void processes.map(process => process.kill())],
		[1, 'PostgreSQL crashes', () => postgres.crash()],
		[1, 'connections to PostgreSQL cut', () => postgres.cutConnections()],
		[2, 'the helpdesk is down', () => outage(sandbox, 2000 + random() * 6000)],
	];
	if (redis) {
		acts.push([1, 'Redis killed and emptied', () => redis.killAndEmpty(random() * 2000)]);
		acts.push([1, 'Redis paused', () => redis.pause(500 + random() * 2500)]);
	}
	const drawn = acts.flatMap(([weight, name, act]) => Array.from({ length: weight }, () => [name, act] as const));
	const done: Record<string, number> = {};
	while (!signal.aborted) {
		await sleep(everyMs * (0.5 + random()), undefined, { signal }).catch(() => undefined);
		if (signal.aborted) break;
		const [name, act] = pick(drawn);
		tell(name);
		done[name] = (done[name] ?? 0) + 1;
		await act();
	}
	return done;
}

async function outage(sandbox: ZendeskSandbox, ms: number): Promise<void> {
	const end = sandbox.faults.api({ kind: 'status', status: 503, probability: 1 });
	await sleep(ms);
	end();
}
