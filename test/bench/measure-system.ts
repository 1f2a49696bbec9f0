import { type Acknowledgement, measureAcknowledgement } from './measure-acknowledgement.ts';
import { type BeyondModel, measureBeyondModel } from './measure-model.ts';
import { type Bench, measureThroughput, type Throughput } from './measure-throughput.ts';
import type { Services } from './services.ts';
import type { Sink } from './sink.ts';
import { type SystemOptions, startSystem } from './systems.ts';
import type { BenchTicket } from './tickets.ts';

/** Everything that is measured of one system on one rung; without the model's part, or that alone, where it was asked so. */
export interface SystemFigures extends Pick<SystemOptions, 'name' | 'rung'> {
	throughput?: Throughput;
	acknowledgement?: Acknowledgement;
	model?: BeyondModel;
}

export interface Ground {
	services: Services;
	sink: Sink;
	makeTickets: (count: number) => BenchTicket[];
	tell: (line: string) => void;
	/** Worker processes of the product. */
	processes: number;
	/** The most tickets of a measurement. */
	tickets: number;
}

export async function measureSystem(
	which: Pick<SystemOptions, 'name' | 'rung'>,
	parts: { throughput: boolean; model: boolean },
	ground: Ground,
): Promise<SystemFigures> {
	const figures: SystemFigures = { ...which };
	const { tell } = ground;
	if (parts.throughput) {
		await withSystem({ ...which, hasModel: false }, ground, async bench => {
			tell(`${which.name} on ${which.rung}: warming up`);
			const expected = await warmUp(bench);
			const most = which.rung === 'pglite' ? ground.tickets / 2 : ground.tickets;
			const tickets = Math.round(Math.min(most, Math.max(300, expected * throughputSeconds)));
			tell(`${which.name} on ${which.rung}: ${tickets} tickets as fast as they are taken`);
			figures.throughput = await measureThroughput(bench, tickets);
			tell(`${which.name} on ${which.rung}: how soon a webhook is acknowledged`);
			figures.acknowledgement = await measureAcknowledgement(bench, figures.throughput.perSecond);
		});
	}
	if (parts.model) {
		await withSystem({ ...which, hasModel: true }, ground, async bench => {
			tell(`${which.name} on ${which.rung}: with a model that takes 1 to 3 s`);
			figures.model = await measureBeyondModel(bench);
		});
	}
	return figures;
}

/** A slow system is measured over fewer tickets, so that the whole bench has an end. */
const throughputSeconds = 15;

/** Until the engines have compiled what is hot. @returns tickets a second, roughly. */
async function warmUp(bench: Bench): Promise<number> {
	const cold = await measureThroughput(bench, 300);
	const warm = await measureThroughput(bench, Math.round(Math.min(1500, Math.max(100, cold.perSecond * 3))));
	return warm.perSecond;
}

async function withSystem(
	options: Omit<SystemOptions, 'processes'>,
	{ services, sink, makeTickets, processes }: Ground,
	use: (bench: Bench) => Promise<void>,
): Promise<void> {
	const system = await startSystem(
		{ ...options, processes: options.name === 'product' ? processes : 1 },
		services,
		sink,
	);
	try {
		await use({ system, sink, makeTickets });
	} finally {
		await system.stop();
	}
}
