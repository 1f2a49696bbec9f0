import { describe, expect, test } from 'vitest';
import { parseRedisUrl } from '../../src/queue/redis-url.ts';

describe('a Redis URL', () => {
	test('names one server, with login, database and TLS', () => {
		expect(parseRedisUrl('redis://127.0.0.1')).toEqual({
			kind: 'server',
			options: { host: '127.0.0.1', port: 6379, db: 0 },
		});
		expect(parseRedisUrl('rediss://app:p%40ss:word@cache.example:6390/3')).toEqual({
			kind: 'server',
			options: {
				host: 'cache.example',
				port: 6390,
				db: 3,
				username: 'app',
				password: 'p@ss:word',
				tls: { servername: 'cache.example' },
			},
		});
		expect(parseRedisUrl('redis://[::1]:6380')).toMatchObject({ options: { host: '::1', port: 6380 } });
	});

	test('names the Sentinels and the master they watch', () => {
		expect(parseRedisUrl('redis+sentinel://:secret@one:26379,two/main/2')).toEqual({
			kind: 'sentinel',
			options: {
				name: 'main',
				sentinels: [
					{ host: 'one', port: 26_379 },
					{ host: 'two', port: 26_379 },
				],
				password: 'secret',
				db: 2,
			},
		});
	});

	test('names the nodes of a Cluster', () => {
		expect(parseRedisUrl('rediss+cluster://a:7000,b:7001')).toMatchObject({
			kind: 'cluster',
			nodes: [
				{ host: 'a', port: 7000 },
				{ host: 'b', port: 7001 },
			],
			options: { tls: { servername: 'a' } },
		});
	});

	test.each([
		'localhost:6379',
		'http://cache',
		'redis://',
		'redis://one,two',
		'redis://host:notaport',
		'redis://host/first',
		'redis+sentinel://one',
		'redis+cluster://one/1',
	])('is refused in words, without its password: %s', url => {
		expect(() => parseRedisUrl(url)).toThrow(/^REDIS_URL: /);
	});

	test('a refusal does not repeat what was given', () => {
		expect(() => parseRedisUrl('redis://app:hunter2@host/first')).toThrow(
			expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
		);
	});
});
