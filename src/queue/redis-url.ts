import type { ClusterNode, RedisOptions } from 'ioredis';
import { UnderstudyError } from '../errors.ts';

/** What `REDIS_URL` names: one server, the current master behind Sentinels, or a Cluster. */
export type RedisTarget =
	| { kind: 'server' | 'sentinel'; options: RedisOptions }
	| { kind: 'cluster'; nodes: ClusterNode[]; options: RedisOptions };

const forms = `
  redis://[user:password@]host[:6379][/database]
  rediss://…                                                      the same over TLS
  redis+sentinel://[user:password@]host:26379,host:26379/master[/database]
  redis+cluster://[user:password@]host:6379,host:6379             rediss+sentinel://, rediss+cluster:// over TLS`;

/** Reads a Redis URL in any of its forms. @throws UnderstudyError that names the forms, never the password. */
export function parseRedisUrl(url: string): RedisTarget {
	const match = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/]*)@)?([^/?#]+)(?:\/([^?#]*))?$/.exec(url);
	if (!match) throw invalid('It is none of the forms that are understood.');
	const [, scheme, kind, login, hosts, path] = match;
	const nodes = (hosts as string).split(',').map(host => readHost(host, kind === 'sentinel' ? 26_379 : 6379));
	const options: RedisOptions = {
		...readLogin(login),
		...(scheme === 'rediss' ? { tls: { servername: nodes[0]?.host } } : {}),
	};
	const segments = (path ?? '').split('/').filter(Boolean);
	if (kind === 'cluster') {
		if (segments.length) throw invalid('A Cluster has no numbered databases.');
		return { kind, nodes, options };
	}
	if (kind === 'sentinel') {
		const [name, database, ...more] = segments;
		if (!name || more.length) throw invalid('After the Sentinels comes the name of the master: …/mymaster');
		return { kind, options: { ...options, name, sentinels: nodes, db: readDatabase(database) } };
	}
	const [node, ...others] = nodes;
	if (!node || others.length || segments.length > 1) throw invalid('One host, and at most a database number.');
	return { kind: 'server', options: { ...options, ...node, db: readDatabase(segments[0]) } };
}

function readHost(text: string, defaultPort: number): { host: string; port: number } {
	const match = /^(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(text);
	const port = Number(match?.[2] ?? defaultPort);
	if (!match || port > 65_535) throw invalid(`“${text}” is no host:port.`);
	return { host: (match[1] as string).replace(/^\[|\]$/g, ''), port };
}

function readLogin(login: string | undefined): Pick<RedisOptions, 'username' | 'password'> {
	if (!login) return {};
	const [username, ...password] = login.split(':').map(decodeURIComponent);
	return { ...(username ? { username } : {}), ...(password.length ? { password: password.join(':') } : {}) };
}

function readDatabase(text: string | undefined): number {
	if (text === undefined) return 0;
	if (!/^\d{1,3}$/.test(text)) throw invalid(`“${text}” is no database number.`);
	return Number(text);
}

const invalid = (why: string) => new UnderstudyError('SETTINGS_INVALID', `REDIS_URL: ${why}${forms}`);
