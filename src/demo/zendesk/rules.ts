/** What an agent can pick, and what the helpdesk does by itself, as Zendesk's API writes them. */

export interface Macro {
	id: number;
	title: string;
	description: string | null;
	active: boolean;
	position: number;
	actions: { field: string; value: string | string[] }[];
}

export interface TriggerCondition {
	field: string;
	operator: string;
	value: string | number | boolean | null;
}

export interface Trigger {
	id: number;
	title: string;
	active: boolean;
	position: number;
	conditions: { all: TriggerCondition[]; any: TriggerCondition[] };
	actions: { field: string; value: string | string[] }[];
	created_at: string;
	updated_at: string;
}

export interface Webhook {
	id: string;
	name: string;
	endpoint: string;
	http_method: string;
	request_format: string;
	status: 'active' | 'inactive';
	subscriptions: string[];
	/** Answered by `/signing_secret` alone. */
	secret: string;
	created_at: string;
	created_by: string;
}
