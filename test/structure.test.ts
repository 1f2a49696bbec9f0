import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ZendeskSettings } from '../integrations/zendesk/config.ts';
import { root } from '../src/assemble.ts';
import { Settings } from '../src/config.ts';
import { languages } from '../src/language.ts';
import { payloads } from '../src/pipeline.ts';
import { Policy } from '../src/policy/policy.ts';
import { TracingSettings } from '../src/tracing/tracing.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const folders = (path: string) =>
	readdirSync(join(root, path), { withFileTypes: true })
		.filter(entry => entry.isDirectory())
		.map(({ name }) => name);

describe('every channel', () => {
	it.each(folders('integrations'))('%s has the agreed files', channel => {
		for (const file of ['channel.ts', 'config.ts', 'schema.ts', 'webhook.ts', 'client.ts', 'format.ts', 'README.md']) {
			expect(existsSync(join(root, 'integrations', channel, file)), `${channel}/${file}`).toBe(true);
		}
	});
});

describe('every stage', () => {
	it.each(Object.keys(payloads))('%s has a job of its name', stage => {
		expect(existsSync(join(root, 'jobs', `${stage}.ts`))).toBe(true);
	});
});

describe('every locale', () => {
	const keysOf = (value: object, path = ''): string[] =>
		Object.entries(value).flatMap(([key, inner]) =>
			typeof inner === 'object' && inner !== null ? keysOf(inner, `${path}${key}.`) : [`${path}${key}`],
		);
	const messages = (language: string) => JSON.parse(read(`locales/${language}/messages.json`)) as object;

	it.each(languages)('%s has the same phrases, with the same gaps', language => {
		expect(keysOf(messages(language)).toSorted()).toEqual(keysOf(messages('en')).toSorted());
		const gaps = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).toSorted();
		const lookUp = (content: object, key: string) =>
			String(key.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], content));
		for (const key of keysOf(messages('en'))) {
			expect(gaps(lookUp(messages(language), key)), key).toEqual(gaps(lookUp(messages('en'), key)));
		}
	});

	it.each(languages)('%s has at least 80 examples of every intent', language => {
		const examples = parse(read(`locales/${language}/intents.yaml`)) as Record<string, string[]>;
		const intents = Object.keys(Policy.parse(parse(read('manifests/policy.yaml'))).intents);
		expect(Object.keys(examples).toSorted()).toEqual(intents.toSorted());
		for (const intent of intents) expect(examples[intent]?.length, intent).toBeGreaterThanOrEqual(80);
	});

	it.each(languages)('%s has a name for every intent', language => {
		const named = Object.keys((messages(language) as { intent: object }).intent);
		expect(named).toEqual(expect.arrayContaining(Object.keys(parse(read('manifests/policy.yaml')).intents)));
	});
});

describe('every period', () => {
	const periods = Object.keys(Policy.shape.retention.unwrap().shape);

	it.each(periods)('%s is in the README’s table, and in the policy', period => {
		expect(read('README.md')).toContain(`| \`retention.${period}\` |`);
		expect(parse(read('manifests/policy.yaml')).retention).toHaveProperty(period);
	});
});

describe('every setting', () => {
	const settings = [Settings, ZendeskSettings.in, TracingSettings].flatMap(({ shape }) => Object.keys(shape));

	it.each(settings)('%s is in the README’s table', setting => {
		expect(read('README.md')).toMatch(new RegExp(`^\\|[^|]*\`${setting}\``, 'm'));
	});
});
