import { describe, expect, it, onTestFinished } from 'vitest';
import { readSettings, Settings } from '../../src/config.ts';
import { createHttp } from '../../src/http.ts';
import { createBoard } from '../../src/queue/board.ts';
import { type BullmqQueue, createBullmqQueue } from '../../src/queue/bullmq-queue.ts';
import { engines } from '../engines.ts';
import { idleJobs } from '../fakes/idle-jobs.ts';
import { quietLog } from '../stage.ts';

const password = 'correct horse battery';
const authorized = (given: string) => ({
	headers: { authorization: `Basic ${Buffer.from(`ops:${given}`).toString('base64')}` },
});

function serve(queue?: BullmqQueue) {
	return createHttp({
		channels: [],
		inbox: { accept: () => Promise.reject(new Error('nothing comes here')) },
		dependencies: {},
		traceRequest: (_, next) => next(),
		metricsPage: async () => ({ contentType: 'text/plain', text: '' }),
		board: queue && createBoard({ user: 'ops', password, queues: queue.all }),
		log: quietLog,
	});
}

describe.each(Object.entries(engines))('the board on %s', (_, open) => {
	it('shows what waits and why it failed to who knows the password, and nothing of a customer', async () => {
		const engine = await open();
		const queue = createBullmqQueue(engine.queue, quietLog, { firstRetryMs: 60_000 });
		onTestFinished(() => queue.close());
		const http = serve(queue);
		for (const path of ['/queues', '/queues/', '/queues/api/queues', '/queues/static/images/logo.svg']) {
			const stranger = await http.request(path);
			expect([path, stranger.status]).toEqual([path, 401]);
			expect(stranger.headers.get('www-authenticate')).toContain('Basic');
			expect(stranger.headers.get('x-request-id')).toBeTruthy();
			expect((await http.request(path, authorized('wrong horse battery'))).status).toBe(401);
		}

		await queue.work({
			...idleJobs,
			respond: { run: () => Promise.reject(new Error('no user ana@example.com, call +44 7911 123456')) },
		});
		await queue.tick('respond', { conversationId: '7d1e' });
		const read = async (path: string) => {
			const answer = await http.request(`/queues/api${path}`, authorized(password));
			expect(answer.status).toBe(200);
			return answer.text();
		};
		const list = '/queues?activeQueue=respond&status=delayed&page=1&jobsPerPage=10';
		await expect.poll(() => read(list), { timeout: 10_000 }).toContain('no user [EMAIL]');
		const shown = JSON.parse(await read(list));
		expect(shown.queues.map(({ name }: { name: string }) => name)).toContain('seal-audit');
		const { jobs, readOnlyMode } = shown.queues.find(({ name }: { name: string }) => name === 'respond');
		expect(readOnlyMode).toBe(true);
		expect(jobs).toMatchObject([{ name: 'respond', data: { conversationId: '7d1e' }, attempts: 1, isFailed: true }]);
		const everything = [await read(list), await read(`/queues/respond/${jobs[0].id}`), await read('/redis/stats')];
		expect(everything.join()).not.toMatch(/ana@|7911/);

		const removal = { method: 'PUT', ...authorized(password) };
		expect((await http.request(`/queues/api/queues/respond/${jobs[0].id}/clean`, removal)).status).toBe(405);
		for (const path of ['/queues', '/queues/', '/queues/queue/respond']) {
			const page = await http.request(path, authorized(password));
			expect([path, page.status]).toEqual([path, 200]);
			expect(await page.text()).toContain('<base href="/queues/"');
			expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
		}
		expect((await http.request('/queues/static/images/logo.svg', authorized(password))).status).toBe(200);
	});
});

describe('without the setting', () => {
	it('there is no board', async () => {
		expect((await serve().request('/queues')).status).toBe(404);
		expect((await serve().request('/queues/api/queues')).status).toBe(404);
	});

	it.each([
		[{ BOARD_USER: 'ops' }, 'go together'],
		[{ BOARD_PASSWORD: password }, 'go together'],
		[{ BOARD_USER: 'ops', BOARD_PASSWORD: 'short' }, '12 characters'],
		[{ BOARD_USER: 'o:ps', BOARD_PASSWORD: password }, 'colon'],
	])('%j is refused, in words', (env, why) => {
		expect(() => readSettings(Settings, env)).toThrow(why);
	});
});
