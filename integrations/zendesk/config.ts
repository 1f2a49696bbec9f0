import { z } from 'zod';

/** How the product reaches one Zendesk account. Either the OAuth client, or the API token that Zendesk is ending. */
export const ZendeskSettings = z
	.object({
		ZENDESK_URL: z.url('ZENDESK_URL is the account, such as https://example.zendesk.com'),
		ZENDESK_CLIENT_ID: z.string().min(1).optional(),
		ZENDESK_CLIENT_SECRET: z.string().min(1).optional(),
		ZENDESK_EMAIL: z.email().optional(),
		ZENDESK_API_TOKEN: z.string().min(1).optional(),
		ZENDESK_WEBHOOK_SECRET: z.string().min(1, 'ZENDESK_WEBHOOK_SECRET is the signing secret of the webhook'),
	})
	.transform((env, context): ZendeskSettings => {
		const base = { url: env.ZENDESK_URL.replace(/\/+$/, ''), webhookSecret: env.ZENDESK_WEBHOOK_SECRET };
		if (env.ZENDESK_CLIENT_ID && env.ZENDESK_CLIENT_SECRET) {
			return {
				...base,
				credentials: { kind: 'oauth', clientId: env.ZENDESK_CLIENT_ID, clientSecret: env.ZENDESK_CLIENT_SECRET },
			};
		}
		if (env.ZENDESK_EMAIL && env.ZENDESK_API_TOKEN) {
			return { ...base, credentials: { kind: 'token', email: env.ZENDESK_EMAIL, apiToken: env.ZENDESK_API_TOKEN } };
		}
		context.addIssue({
			code: 'custom',
			message:
				'Zendesk needs credentials: ZENDESK_CLIENT_ID and ZENDESK_CLIENT_SECRET (or, until 2027-04-30, ZENDESK_EMAIL and ZENDESK_API_TOKEN)',
		});
		return z.NEVER;
	});

export interface ZendeskSettings {
	/** The account's address, without a slash at the end. */
	url: string;
	credentials: ZendeskCredentials;
	/** The webhook's signing secret. */
	webhookSecret: string;
}

export type ZendeskCredentials =
	| { kind: 'oauth'; clientId: string; clientSecret: string }
	| { kind: 'token'; email: string; apiToken: string };

/** Zendesk stops accepting API tokens on this day. */
export const apiTokensEnd = '2027-04-30';
