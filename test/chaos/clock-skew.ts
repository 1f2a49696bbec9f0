// Preloaded into a product process: its clock is off by CLOCK_SKEW_MS, everything else is as it was.
const skewMs = Number(process.env.CLOCK_SKEW_MS ?? 0);
const RealDate = Date;

class SkewedDate extends RealDate {
	constructor(...given: unknown[]) {
		if (given.length === 0) super(RealDate.now() + skewMs);
		else super(...(given as [number]));
	}
	static override now(): number {
		return RealDate.now() + skewMs;
	}
}
globalThis.Date = SkewedDate as DateConstructor;
