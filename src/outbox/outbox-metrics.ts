import type { Metrics } from '../metrics.ts';
import type { Outbox } from '../outbox.ts';
import type { ClaimedDelivery } from './claim-deliveries.ts';

/** The outbox with a count of what came of each delivery, and how long customers waited for a first answer. */
export function measureOutbox(outbox: Outbox, metrics: Pick<Metrics, 'delivery' | 'firstResponse'>): Outbox {
	const count = ({ tenant_id, kind }: ClaimedDelivery, outcome: 'sent' | 'stale' | 'failed') =>
		metrics.delivery(tenant_id, kind, outcome);
	return {
		...outbox,
		async sent(delivery, receipt) {
			const note = await outbox.sent(delivery, receipt);
			count(delivery, 'sent');
			const { firstResponseSeconds } = note;
			if (firstResponseSeconds !== undefined) metrics.firstResponse(delivery.tenant_id, firstResponseSeconds);
			return note;
		},
		async stale(delivery, reason) {
			await outbox.stale(delivery, reason);
			count(delivery, 'stale');
		},
		async failed(delivery, error, instead) {
			await outbox.failed(delivery, error, instead);
			if (instead?.kind !== 'again') count(delivery, 'failed');
		},
	};
}
