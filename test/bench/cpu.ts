import { readdirSync, readFileSync } from 'node:fs';

/** Who is on the machine's cores during a run. A process of its own is counted with those it has started. */
export type ProcessGroups = Record<string, readonly number[]>;

/** Milliseconds on a core, user and system, per group so far. Differences are what a run took. */
export function cpuMs(groups: ProcessGroups): Record<string, number> {
	const all = readStats();
	const ofTree = (pid: number): number => {
		const own = all.get(pid);
		if (!own) return 0;
		const children = [...all].filter(([, { parent }]) => parent === pid);
		return children.reduce((sum, [child]) => sum + ofTree(child), own.ms);
	};
	return Object.fromEntries(
		Object.entries(groups).map(([name, pids]) => [
			name,
			// The harness is everybody's parent: of itself it counts itself alone.
			pids.reduce((sum, pid) => sum + (pid === process.pid ? ownMs() : ofTree(pid)), 0),
		]),
	);
}

/** What of it each group took since `before`. */
export function cpuSince(before: Record<string, number>, groups: ProcessGroups): Record<string, number> {
	return Object.fromEntries(Object.entries(cpuMs(groups)).map(([name, ms]) => [name, ms - (before[name] ?? 0)]));
}

/** Milliseconds that all cores together were busy since the machine started, for whomever. */
export function busyMs(): number {
	const [user, nice, system, , , irq, softIrq, steal] = readFileSync('/proc/stat', 'utf8').split(/\s+/).slice(1, 9);
	return [user, nice, system, irq, softIrq, steal].reduce((sum, ticks) => sum + Number(ticks), 0) * tickMs;
}

/** The children of this process that run a program of this name. */
export function childrenNamed(name: string): number[] {
	return [...readStats()].filter(([, one]) => one.parent === process.pid && one.name === name).map(([pid]) => pid);
}

/** Resident memory in MB: the most it has ever been, and what it is. */
export function memoryOf(pid: number): { peakMb: number; nowMb: number } {
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	const mb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1000;
	return { peakMb: mb('VmHWM'), nowMb: mb('VmRSS') };
}

/** Linux counts in hundredths of a second. */
const tickMs = 10;

const ownMs = () => {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
};

interface Stat {
	name: string;
	parent: number;
	/** Its own time, and that of children which have ended. */
	ms: number;
}

function readStats(): Map<number, Stat> {
	const stats = new Map<number, Stat>();
	for (const entry of readdirSync('/proc')) {
		if (!/^\d+$/.test(entry)) continue;
		const stat = readStat(entry);
		if (stat) stats.set(Number(entry), stat);
	}
	return stats;
}

function readStat(pid: string): Stat | undefined {
	let line: string;
	try {
		line = readFileSync(`/proc/${pid}/stat`, 'utf8');
	} catch {
		// Ended between the listing and the reading.
		return undefined;
	}
	// A name may hold spaces and brackets; everything after the last bracket is numbers.
	const end = line.lastIndexOf(')');
	const fields = line.slice(end + 2).split(' ');
	const times = fields.slice(11, 15).map(Number);
	return {
		name: line.slice(line.indexOf('(') + 1, end),
		parent: Number(fields[1]),
		ms: times.reduce((sum, ticks) => sum + ticks, 0) * tickMs,
	};
}
