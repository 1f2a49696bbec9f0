import type { Language } from '../language.ts';
import { logContext } from '../log-context.ts';
import { redact } from './personal-data.ts';

/** Options for pino that keep personal data and secrets out of every line, message included: `pino(logOptions)`. */
export const logOptions = {
	mixin: logContext,
	formatters: { log: redactLogFields },
	// Errors are made plain by `formatters.log`, before which pino's own serialiser must not have its turn.
	serializers: { err: (error: unknown) => error },
	hooks: {
		logMethod(this: unknown, args: unknown[], method: (...args: unknown[]) => void) {
			const [first, ...rest] = args;
			if (typeof first === 'string') return method.apply(this, args.map(redactArgument));
			const fields = first instanceof Error ? { err: first } : first;
			// Without a message pino takes the error's, as it stands.
			const error = (fields as { err?: unknown } | null | undefined)?.err;
			const message = rest.length === 0 && error instanceof Error ? [error.message] : rest;
			method.apply(this, [fields, ...message.map(redactArgument)]);
		},
	},
};

/**
 * The fields of a log line, of the same shape: what stands under a telling key is hidden whole, in every other string the
 * personal data. Errors become plain objects with their causes; what is circular or too deep is cut.
 */
export function redactLogFields(fields: Record<string, unknown>): Record<string, unknown> {
	return redactObject(fields, 0, new Set());
}

/** A message, or a value to be set into one. */
function redactArgument(argument: unknown): unknown {
	return redactValue(argument, 0, new Set());
}

const secret = '[REDACTED]';
const deepest = 8;
const longest = 8_000;
const language: Language = 'en';

/** Keys whose value is personal or secret whatever it holds, without case, `_` and `-`. */
const hiddenKeys = new Set([
	...[
		'email',
		'emails',
		'mail',
		'name',
		'firstname',
		'lastname',
		'fullname',
		'displayname',
		'username',
		'phone',
		'phonenumber',
		'mobile',
		'address',
	],
	...['ip', 'ipaddress', 'remoteaddress', 'useragent', 'requester', 'recipient', 'from', 'to', 'cc'],
	...[
		'text',
		'body',
		'htmlbody',
		'html',
		'subject',
		'comment',
		'question',
		'answer',
		'reply',
		'draft',
		'content',
		'prompt',
		'query',
		'transcript',
	],
	...[
		'authorization',
		'token',
		'accesstoken',
		'refreshtoken',
		'bottoken',
		'apptoken',
		'apitoken',
		'apikey',
		'key',
		'secret',
		'clientsecret',
	],
	...[
		'signingsecret',
		'webhooksecret',
		'password',
		'cookie',
		'setcookie',
		'signature',
		'credentials',
		'xapikey',
		'databaseurl',
		'redisurl',
	],
]);

function redactValue(value: unknown, depth: number, above: ReadonlySet<object>): unknown {
	if (typeof value === 'string') return redactString(value);
	if (typeof value === 'bigint') return String(value);
	if (typeof value !== 'object' || value === null || value instanceof Date) return value;
	if (above.has(value)) return '[CIRCULAR]';
	if (depth >= deepest) return '[DEEP]';
	if (value instanceof Error) return redactError(value, depth, above);
	if (ArrayBuffer.isView(value)) return `[${value.byteLength} BYTES]`;
	const path = new Set(above).add(value);
	if (Array.isArray(value)) return value.map(item => redactValue(item, depth + 1, path));
	const entries = value instanceof Map ? Object.fromEntries(value) : value instanceof Set ? { ...[...value] } : value;
	return redactObject(entries as Record<string, unknown>, depth, path);
}

function redactObject(
	object: Record<string, unknown>,
	depth: number,
	above: ReadonlySet<object>,
): Record<string, unknown> {
	const path = new Set(above).add(object);
	return Object.fromEntries(
		Object.entries(object).map(([key, value]) => {
			const isHidden = hiddenKeys.has(key.toLowerCase().replace(/[_-]/gu, '')) && value !== null && value !== undefined;
			return [key, isHidden ? secret : redactValue(value, depth + 1, path)];
		}),
	);
}

/** Where PostgreSQL and PGlite quote the row or the values that they refused: whole columns, with no cue to what is personal. */
const quotingKeys = new Set(['detail', 'where', 'internalQuery', 'params']);

function redactError(error: Error, depth: number, above: ReadonlySet<object>): Record<string, unknown> {
	const { name, message, stack, cause, ...rest } = error;
	const fields = Object.entries(rest).filter(([key]) => !quotingKeys.has(key));
	const path = new Set(above).add(error);
	return {
		type: error.constructor.name || name,
		message: redactString(error.message),
		...(error.stack ? { stack: redactString(error.stack) } : {}),
		...(error.cause === undefined ? {} : { cause: redactValue(error.cause, depth + 1, path) }),
		...redactObject(Object.fromEntries(fields), depth + 1, path),
	};
}

/** Ids of ours and single words of lower case: what most fields of a log line are. */
const plain = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z]+(?:_[a-z]+)*)$/u;

function redactString(text: string): string {
	if (plain.test(text)) return text;
	const secretless = text
		.replace(/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/giu, `$1 ${secret}`)
		.replace(/\b(?:sk|xox[abprs]|xapp|pcsk|ghp)[-_][\w-]{8,}/gu, secret)
		// The password of a connection string.
		.replace(/(\b[a-z][a-z+]*:\/\/[^\s:/@]*:)[^\s@]+(@)/giu, `$1${secret}$2`);
	return redact(secretless.length > longest ? `${secretless.slice(0, longest)}…` : secretless, language);
}
