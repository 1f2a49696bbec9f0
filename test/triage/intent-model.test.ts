import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createIntentPrediction, loadIntentModel } from '../../src/triage/intent-model.ts';
import { loadReader } from '../../src/triage/reader.ts';

let dir: string;
beforeAll(async () => {
	dir = await mkdtemp(join(tmpdir(), 'understudy-intents-'));
	await writeIntents(['where is my parcel', 'track my order', 'my parcel is late', 'order not here yet']);
});
afterAll(() => rm(dir, { recursive: true }));

async function writeIntents(orderStatus: string[]) {
	const accountAccess = ['I forgot my password', 'cannot log in', 'reset password', 'log in code never comes'];
	await mkdir(join(dir, 'en'), { recursive: true });
	await writeFile(
		join(dir, 'en/intents.yaml'),
		JSON.stringify({ order_status: orderStatus, account_access: accountAccess }),
	);
}

async function load() {
	const progress: string[] = [];
	const predict = await loadIntentModel({
		localesDir: dir,
		cacheDir: join(dir, 'cache'),
		reader: await loadReader(dir),
		onProgress: line => progress.push(line),
	});
	return { predict, wasTrained: progress.some(line => line.includes('trained in')), progress };
}

describe('the model of the locales', () => {
	test('is trained at the first start and read from the cache at the second', async () => {
		const first = await load();
		expect(first.wasTrained).toBe(true);
		expect(first.predict('my parcel?', 'en')[0]?.intent).toBe('order_status');
		const second = await load();
		expect(second.wasTrained).toBe(false);
		expect(second.predict('my parcel?', 'en')[0]?.intent).toBe('order_status');
	});

	test('is trained anew when the cached file is damaged', async () => {
		const file = join(dir, 'cache', (await readdir(join(dir, 'cache')))[0] ?? '');
		await writeFile(file, (await readFile(file)).subarray(0, 100));
		const { predict, wasTrained } = await load();
		expect(wasTrained).toBe(true);
		expect(predict('log in', 'en')[0]?.intent).toBe('account_access');
		expect((await load()).wasTrained).toBe(false);
	});

	test('is trained anew when an example changes, and the old file goes', async () => {
		await writeIntents(['where is my parcel', 'track my order', 'my parcel is late', 'no box yet']);
		expect((await load()).wasTrained).toBe(true);
		expect(await readdir(join(dir, 'cache'))).toHaveLength(1);
	});

	test('names the file that is not as expected', async () => {
		await writeFile(join(dir, 'en/intents.yaml'), 'order_status: not a list');
		await expect(load()).rejects.toThrow('en/intents.yaml');
	});
});

describe('several wants', () => {
	const predict = createIntentPrediction(text => {
		if (/password/.test(text) && /parcel/.test(text)) return { label: 'order_status', probability: 0.5 };
		if (/password/.test(text)) return { label: 'account_access', probability: 0.9 };
		if (/parcel/.test(text)) return { label: 'order_status', probability: 0.8 };
		return { label: 'feedback', probability: 0.3 };
	});

	test('a clause that clearly says something else adds its intent', () => {
		const intents = predict('Where is my parcel? I also forgot my password yesterday.', 'en').map(
			({ intent }) => intent,
		);
		expect(intents).toEqual(['order_status', 'account_access']);
	});

	test('a vague clause and a short one add nothing', () => {
		expect(predict('Where is my parcel? Have a nice day and so on. Password.', 'en')).toHaveLength(1);
	});
});
