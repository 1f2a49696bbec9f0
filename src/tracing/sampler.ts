import { SpanKind } from '@opentelemetry/api';
import {
	AlwaysOffSampler,
	AlwaysOnSampler,
	ParentBasedSampler,
	type Sampler,
	SamplingDecision,
	TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { TracingSettings } from './tracing.ts';

type SamplerSettings = Pick<TracingSettings, 'OTEL_TRACES_SAMPLER' | 'OTEL_TRACES_SAMPLER_ARG'>;

/** A trace begins with a request or with a job, as often as was asked for; what the queue does for itself begins none. */
export function createSampler(settings: SamplerSettings): Sampler {
	const wanted = readSampler(settings);
	const root: Sampler = {
		shouldSample: (context, traceId, name, kind, attributes, links) =>
			kind === SpanKind.SERVER || kind === SpanKind.CONSUMER
				? wanted.shouldSample(context, traceId, name, kind, attributes, links)
				: { decision: SamplingDecision.NOT_RECORD },
		toString: () => `Beginnings{${wanted}}`,
	};
	return new ParentBasedSampler({ root });
}

/** With `parentbased_` or without: a trace that was begun elsewhere is never torn. */
function readSampler({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: ratio }: SamplerSettings): Sampler {
	if (name.endsWith('always_off')) return new AlwaysOffSampler();
	if (name.endsWith('traceidratio')) return new TraceIdRatioBasedSampler(ratio);
	return new AlwaysOnSampler();
}
