import { expect, it } from 'vitest';
import { openStage, openTaughtStage, type Stage } from '../stage.ts';

/** Everything that `action` announces is lost. */
async function losingTicks({ queue, sandbox }: Stage, action: () => Promise<void>): Promise<void> {
	const { tick } = queue;
	queue.tick = async () => undefined;
	await action();
	await sandbox.idle();
	queue.tick = tick;
}

it('a retired article whose tick was lost is taken out by the sweeper', async () => {
	const stage = await openTaughtStage();
	const { product } = stage;
	const find = () =>
		product.knowledge.search
			.search({ query: 'standard delivery', language: 'en', audiences: ['public'], limit: 5 })
			.some(({ passage }) => passage.articleId === 'shipping');
	await losingTicks(stage, async () => void (await product.knowledge.retire('shipping')));
	expect(find()).toBe(true);
	await expect.poll(find, { timeout: 5000 }).toBe(false);
});

it('an article that is deleted goes out of the search of a process that never heard of it', async () => {
	const { product, query } = await openTaughtStage();
	const find = () => product.knowledge.search.size;
	expect(find()).toBe(2);
	await query.deleteFrom('articles').where('id', '=', 'shipping').execute();
	await expect.poll(find, { timeout: 15_000 }).toBe(1);
});

it('a solved ticket whose tick was lost is harvested all the same', async () => {
	const stage = await openStage();
	const { customer, agent, product, settle } = stage;
	const { id } = customer.createTicket({ subject: 'Mug', body: 'Does the Glow Mug fit a car cup holder?' });
	await settle();
	await losingTicks(stage, async () => {
		agent.comment(
			id,
			'The Glow Mug fits car cup holders that are wider than 8.5 cm; in narrower ones it may tip over.',
		);
		agent.setStatus(id, 'solved');
	});
	await expect.poll(() => product.candidates.list(), { timeout: 8000 }).toHaveLength(1);
});
