import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { expect, it } from 'vitest';
import { root } from '../../src/assemble.ts';
import type { ChannelEvent } from '../../src/channel.ts';
import { insertRows } from '../../src/database/insert-rows.ts';
import type { Schema } from '../../src/database/schema.ts';
import { createInbox } from '../../src/inbox.ts';
import { loadPhrases } from '../../src/phrases.ts';
import { readPolicy } from '../../src/policy/policy.ts';
import { createReviews } from '../../src/reviews.ts';
import type { OpenTurn } from '../../src/turns/open-turns.ts';
import { troubleHandOver } from '../../src/turns/thinking.ts';
import { createTurns, type Turns } from '../../src/turns.ts';
import { openEmbedded } from '../databases.ts';
import { quietLog } from '../stage.ts';

const tenantId = 'default';
const policy = readPolicy(join(root, 'manifests/policy.yaml'));
const phrases = loadPhrases(join(root, 'locales'));

async function open() {
	const query = (await openEmbedded()).forTenant(tenantId);
	const inbox = createInbox({
		query,
		queue: { tick: async () => undefined },
		log: quietLog,
		metrics: { conversationCreated: () => undefined },
		tenantId,
		settleMs: 0,
	});
	const tell = (event: object) =>
		inbox.accept('zendesk', [
			{ vendorEventId: randomUUID(), thread: { externalId: '7', requesterId: '5' }, ...event } as ChannelEvent,
		]);
	const ask = (externalId: string) =>
		tell({
			kind: 'message',
			message: { externalId, author: 'customer', authorId: '5', isPublic: true, text: 'Hello?', writtenAt: new Date() },
		});
	const turns = createTurns({ query, tenantId, flood: policy.flood, leaseMs: 1000 });
	await ask('m1');
	return { query, turns, tell, ask, conversationId: await onlyId(query) };
}

async function onlyId(query: Kysely<Schema>): Promise<string> {
	return (await query.selectFrom('conversations').select('id').executeTakeFirstOrThrow()).id;
}

const conclude = (turns: Turns, turn: OpenTurn) =>
	turns.conclude({ turn, ...troubleHandOver(turn, { policy, phrases }), stamp: undefined });

it('of two runs the one that knows all the messages of the turn decides', async () => {
	const { query, turns, ask, conversationId } = await open();
	const { turn: slow } = await turns.open({ conversationId });
	await ask('m2');
	const { turn: later } = await turns.open({ conversationId });
	expect(later).toMatchObject({ id: slow?.id, messages: [{ externalId: 'm1' }, { externalId: 'm2' }] });
	expect(await conclude(turns, slow as OpenTurn)).toMatchObject({ outcome: 'superseded', claimed: undefined });
	expect(await conclude(turns, later as OpenTurn)).toMatchObject({ outcome: 'concluded' });
	const deliveries = await query.selectFrom('deliveries').select(['kind', 'payload']).orderBy('seq').execute();
	expect(deliveries).toMatchObject([{ kind: 'hand_over', payload: { basedOn: 'm2' } }, { kind: 'reply' }]);
});

it('while nobody knows whether a reply was said, an open turn waits with what came after it', async () => {
	const { query, turns, ask, conversationId } = await open();
	await turns.open({ conversationId });
	await insertRows(query, 'deliveries', [
		{
			id: randomUUID(),
			tenant_id: tenantId,
			conversation_id: conversationId,
			turn_id: null,
			draft_id: null,
			kind: 'reply',
			payload: {},
			state: 'ambiguous',
			external_id: null,
			error: null,
			sent_at: null,
		},
	]).execute();
	await ask('m2');
	expect(await turns.open({ conversationId })).toMatchObject({ turn: undefined, isHeldUp: true });
});

it('a hand-back that came in after the thread was read waits for the next read', async () => {
	const { query, tell, conversationId } = await open();
	await query.updateTable('conversations').set({ held_by: 'person' }).execute();
	await tell({ kind: 'hand_back', agentId: '9' });
	const reviews = createReviews(query, () => []);
	const holder = async () =>
		(await query.selectFrom('conversations').select('held_by').executeTakeFirstOrThrow()).held_by;
	expect([...(await reviews.apply(conversationId, false))]).toEqual([]);
	expect(await holder()).toBe('person');
	expect([...(await reviews.apply(conversationId, true))]).toEqual(['respond', 'deliver']);
	expect(await holder()).toBe('assistant');
});
