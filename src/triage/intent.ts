/** What a customer can want, as the classifier knows it; `manifests/policy.yaml` says what may be done about each. */
export const intents = [
	'order_status',
	'order_change',
	'shipping_info',
	'return_request',
	'refund_request',
	'refund_status',
	'product_question',
	'billing_question',
	'billing_dispute',
	'payment_problem',
	'subscription_change',
	'account_access',
	'account_change',
	'technical_issue',
	'how_to',
	'complaint',
	'human_request',
	'legal_or_security',
	'feedback',
	'out_of_scope',
	'spam',
] as const;

/** One of the built-in intents, or one that a deployment added to its `locales`. */
export type Intent = (typeof intents)[number] | (string & {});
