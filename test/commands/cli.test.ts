import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../src/assemble.ts';

let directory: string;
beforeAll(async () => {
	directory = await mkdtemp(join(tmpdir(), 'understudy-cli-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** Runs the command as a person would, in a process of its own. */
function run(args: string[], input = ''): Promise<{ code: number | null; stdout: string; stderr: string }> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [join(root, 'src/cli.ts'), ...args], {
			env: { ...process.env, DATA_DIR: join(directory, 'data'), DATABASE_URL: '', LOG_LEVEL: 'silent' },
		});
		let stdout = '';
		let stderr = '';
		child.stdout.on('data', chunk => {
			stdout += chunk;
		});
		child.stderr.on('data', chunk => {
			stderr += chunk;
		});
		child.once('error', reject);
		child.once('close', code => resolve({ code, stdout, stderr }));
		child.stdin.end(input);
	});
}
const rows = (stdout: string) =>
	stdout
		.trim()
		.split('\n')
		.map(line => JSON.parse(line));

describe('the command line', { timeout: 60_000 }, () => {
	it('tells what it can do', async () => {
		const { code, stdout } = await run(['--help']);
		expect(code).toBe(0);
		for (const command of ['demo', 'simulate', 'import', 'search', 'candidates', 'eval', 'redact']) {
			expect(stdout).toContain(command);
		}
	});

	it('says what is wrong with a word it does not know', async () => {
		const { code, stderr } = await run(['serch']);
		expect(code).toBe(1);
		expect(stderr).toMatch(/unknown command 'serch'/);
	});

	it('redacts line by line, naming a bad line and going on', async () => {
		const input =
			'{"text":"Mail ana@example.com, order NB-204817","id":7}\nnonsense\n{"text":"nothing here","lang":"en"}\n';
		const { code, stdout, stderr } = await run(['redact', '--json'], input);
		expect(code).toBe(0);
		expect(rows(stdout)).toMatchObject([{ id: 7, text: 'Mail [EMAIL], order NB-204817' }, { text: 'nothing here' }]);
		expect(stderr).toMatch(/line 2: not JSON/);
	});

	it('imports what it can, names what it cannot, and finds it', async () => {
		const file = join(directory, 'articles.jsonl');
		await writeFile(
			file,
			[
				'{"id":"a1","title":"Delivery times","text":"Standard delivery takes 3 to 5 working days.","language":"en"}',
				'{"id":"a2"}',
				'{"id":"a3","title":"Only for Aurora","text":"Aurora pays 14 days after delivery.","language":"en","audience":"organization:aurora"}',
			].join('\n'),
		);
		const imported = await run(['import', file, '--json']);
		expect(rows(imported.stdout)).toMatchObject([{ created: 2, faults: 1 }]);
		expect(imported.stderr).toMatch(/articles\.jsonl, line 2: /);

		const again = await run(['import', file, '--json']);
		expect(rows(again.stdout)).toMatchObject([{ created: 0, unchanged: 2 }]);

		const found = await run(['search', 'how long does delivery take', '--language', 'en', '--json']);
		expect(rows(found.stdout)).toMatchObject([{ articleId: 'a1', title: 'Delivery times' }]);
	});

	it('says what to do where there is nothing to read', async () => {
		const missing = await run(['import', join(directory, 'nowhere')]);
		expect(missing.code).toBe(1);
		expect(missing.stderr).toContain('nowhere');
		const candidates = await run(['candidates', 'list']);
		expect(candidates.stderr).toContain('No candidates');
		const discard = await run(['candidates', 'discard', '00000000-0000-0000-0000-000000000000']);
		expect(discard).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no staged candidate') });
		const language = await run(['search', 'x', '--language', 'xx']);
		expect(language.stderr).toContain('One of en, es, fr, de, pt');
	});

	it('counts what is kept no longer, and deletes it, by the policy’s periods', async () => {
		const counted = await run(['retain', '--dry-run']);
		expect(counted.code).toBe(0);
		expect(counted.stdout).toMatch(/^ +0 {2}solved or closed conversations, .*kept 730 days$/m);
		expect(counted.stdout).toMatch(/^ +0 {2}entries .* of the audit trail, kept for ever$/m);
		expect(counted.stderr).toContain('Nothing was changed');
		const done = await run(['retain', '--json']);
		expect(rows(done.stdout)).toMatchObject([{ conversations: 0, events: 0, expired: 0, audit: 0 }]);
	});

	it('measures search on files of one’s own', async () => {
		const docs = join(directory, 'docs.jsonl');
		const queries = join(directory, 'queries.jsonl');
		await writeFile(
			docs,
			'{"id":"1","title":"Kettle","text":"The kettle boils water."}\n{"id":"2","title":"Mug","text":"The mug keeps coffee warm."}',
		);
		await writeFile(queries, '{"q":"What keeps coffee warm?","doc":"2","ans":["mug"]}');
		const { stdout } = await run([
			'eval',
			'retrieval',
			'--docs',
			docs,
			'--queries',
			queries,
			'--language',
			'en',
			'--json',
		]);
		expect(rows(stdout).at(-1)).toMatchObject({ recallAt1: 100, recallAt3: 100, recallAt10: 100, mrr: 1 });
	});

	it('measures the classifier on files of one’s own', async () => {
		const train = join(directory, 'train.csv');
		const examples = [
			'where is my parcel,status',
			'track my order please,status',
			'parcel not here yet,status',
			'give me my money back,refund',
			'i want a refund now,refund',
			'refund the money please,refund',
		];
		await writeFile(train, `text,label\n${examples.join('\n')}\n`);
		const { stdout } = await run(['eval', 'intents', '--train', train, '--test', train, '--json']);
		expect(rows(stdout).at(-1)).toMatchObject({ accuracy: 100, calibrationError: expect.any(Number) });
	});
});
