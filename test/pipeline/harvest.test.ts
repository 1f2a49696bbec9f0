import { beforeEach, describe, expect, it } from 'vitest';
import { openStage, type Stage, teach } from '../stage.ts';

let stage: Stage;
let organizationId: number;
beforeEach(async () => {
	stage = await openStage();
	organizationId = stage.sandbox.addOrganization({ name: 'Harbour Street Roasters' }).id;
});

const question = { subject: 'Glow Mug in the car', body: 'Does the Glow Mug fit a car cup holder?' };
const answer =
	'Hello Ana,\n\nThe Glow Mug fits car cup holders that are wider than 8.5 cm; in narrower ones it stands too high and may tip over.\n\nKind regards\nGrace';

async function solve(by = stage.customer) {
	const { id } = by.createTicket(question);
	await stage.settle();
	stage.agent.comment(id, answer);
	stage.agent.setStatus(id, 'solved');
	await stage.settle();
	return id;
}
const colleague = () =>
	stage.sandbox.as(
		stage.sandbox.addUser({
			name: 'Ben Ito',
			email: 'ben@roasters.example',
			role: 'end-user',
			organization_id: organizationId,
		}).id,
	);
const find = (audience?: `organization:${string}`) =>
	stage.product.knowledge.search
		.search({
			query: 'Glow Mug car cup holder',
			language: 'en',
			audiences: ['public', ...(audience ? [audience] : [])],
			limit: 5,
		})
		.map(({ passage }) => passage.articleId);

/** The index follows the database within moments. */
async function eventually<T>(read: () => T, isRight: (value: T) => boolean): Promise<T> {
	for (let tries = 0; tries < 100 && !isRight(read()); tries++) await new Promise(resolve => setTimeout(resolve, 20));
	return read();
}

describe('a ticket that an agent solved', () => {
	it('of a customer without an organisation waits for somebody to publish it, and then answers the next customer', async () => {
		const id = await solve();
		const [candidate, ...more] = await stage.product.candidates.list();
		expect(more).toEqual([]);
		expect(candidate).toMatchObject({ state: 'staged', flags: [{ kind: 'needs_audience' }], ticket_ref: String(id) });
		expect(candidate?.agent_id).toBe(String(stage.agentId));
		expect(find()).toEqual([]);

		await stage.product.candidates.publish(candidate?.id ?? '', 'operator', 'public');
		await stage.settle();
		expect(await eventually(find, found => found.length > 0)).toEqual([`ticket-${id}`]);

		const next = colleague().createTicket({
			subject: 'Mug',
			body: 'Can I put the Glow Mug into the cup holder of my car?',
		});
		await stage.settle();
		expect(stage.sandbox.publicComments(next.id)[1]?.body).toContain('wider than 8.5 cm');
	});

	it('of an organisation is published by rule for that organisation, and nobody else finds it', async () => {
		const id = await solve(colleague());
		expect(await stage.product.candidates.list()).toMatchObject([
			{ state: 'published', audience: `organization:${organizationId}` },
		]);
		const own = () => find(`organization:${organizationId}`);
		expect(await eventually(own, found => found.length > 0)).toEqual([`ticket-${id}`]);
		expect(find()).toEqual([]);
		expect(find('organization:999')).toEqual([]);
	});

	it('whose article is retired is found by nobody any more', async () => {
		const id = await solve(colleague());
		const own = () => find(`organization:${organizationId}`);
		await eventually(own, found => found.length > 0);
		expect(await stage.product.knowledge.retire(`ticket-${id}`)).toBe(true);
		await stage.settle();
		expect(await eventually(own, found => found.length === 0)).toEqual([]);
		expect(await stage.query.selectFrom('chunks').select('text').execute()).toEqual([]);
	});

	it.each([
		['says what is known already is joined to it', 8.5, { state: 'joined', article_id: 'mug' }],
		[
			'contradicts what is known waits for a person',
			9.5,
			{ state: 'staged', flags: [{ kind: 'contradicts', articleId: 'mug' }] },
		],
	])('that %s', async (_, width, expected) => {
		await teach(stage, {
			id: 'mug',
			title: 'The Glow Mug in the car',
			body:
				width === 8.5
					? 'The Glow Mug fits car cup holders that are wider than 8.5 cm; in narrower ones it stands too high and may tip over.'
					: 'The Glow Mug fits car cup holders wider than 9.5 cm. Please hold the mug upright while driving and never leave it heating.',
		});
		await solve(colleague());
		expect(await stage.product.candidates.list()).toMatchObject([expected]);
	});

	it('like another that still waits is joined to it', async () => {
		await solve();
		await solve();
		const [first, second] = await stage.product.candidates.list();
		expect(first).toMatchObject({ state: 'staged' });
		expect(second).toMatchObject({ state: 'joined', article_id: first?.id });
	});

	it('solved twice is harvested once', async () => {
		const id = await solve(colleague());
		stage.agent.setStatus(id, 'open');
		stage.agent.setStatus(id, 'solved');
		await stage.settle();
		expect(await stage.product.candidates.list()).toHaveLength(1);
	});

	it('by the assistant’s own words teaches nothing', async () => {
		await teach(stage, {
			id: 'mug',
			title: 'The Glow Mug in the car',
			body: 'The Glow Mug fits car cup holders wider than 8.5 cm.',
		});
		const { id } = stage.customer.createTicket(question);
		await stage.settle();
		stage.agent.setStatus(id, 'solved');
		await stage.settle();
		expect(await stage.product.candidates.list()).toEqual([]);
	});
});
