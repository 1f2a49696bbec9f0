import { describe, expect, it } from 'vitest';
import { UnderstudyError } from '../../src/errors.ts';
import { openStage, openTaughtStage, postWebhook, type Stage } from '../stage.ts';

const question = { subject: 'Delivery', body: 'How long does standard delivery take?' };
const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));
const bodies = (sandbox: Stage['sandbox'], id: number) => sandbox.publicComments(id).map(({ body }) => body);

describe('when things happen at the same time', () => {
	it('a comment made between the two reads of a ticket is seen before anything is said', async () => {
		const { sandbox, customer, agent, settle } = await openTaughtStage({
			subscriptions: ['zen:event-type:ticket.comment_added'],
			settleMs: 50,
		});
		// The webhook of the agent's comment is on its way.
		const { id } = customer.createTicket({ subject: 'Delivery', body: 'How long does standard delivery take?' });
		sandbox.faults.api({ kind: 'slow', ms: 300, method: 'GET', path: /\/comments\.json/, times: 1 });
		while (sandbox.faults.struck() < 1) await sleep(2);
		await sleep(100);
		sandbox.faults.webhook({ kind: 'delay', ms: 1000 });
		agent.comment(id, 'I am on it, please wait.');
		await settle();
		expect(sandbox.publicComments(id)).toHaveLength(2);
	});

	it('a comment made within the second of the one before it is seen before anything is said', async () => {
		let reads = 0;
		const { sandbox, customer, settle, query } = await openTaughtStage({
			stampStepMs: 1000,
			subscriptions: ['zen:event-type:ticket.comment_added'],
			wrapZendesk: zendesk => ({
				...zendesk,
				async readThread(threadId) {
					const thread = await zendesk.readThread(threadId);
					// After the look before speaking, and no write can tell: the ticket's version is the same.
					if (++reads === 2) customer.comment(Number(threadId), 'And how long does express delivery take?');
					return thread;
				},
			}),
		});
		while (Date.now() % 1000 > 200) await sleep(5);
		const { id } = customer.createTicket(question);
		await settle();
		expect(bodies(sandbox, id)).toHaveLength(3);
		const turns = await query.selectFrom('turns').select(['triage']).orderBy('created_at').execute();
		expect(JSON.stringify(turns.at(-1))).toMatch(/standard.*express/s);
	});

	it('a question whose reply still waits is answered together with the next one', async () => {
		const { sandbox, customer, settle, query } = await openTaughtStage();
		sandbox.faults.api({ kind: 'status', status: 429, retryAfterSeconds: 2, method: 'PUT', times: 1 });
		const { id } = customer.createTicket(question);
		while (sandbox.faults.struck() === 0) await sleep(10);
		customer.comment(id, 'And how long does express delivery take?');
		await settle();
		const turns = await query.selectFrom('turns').select(['triage']).orderBy('created_at').execute();
		expect(JSON.stringify(turns.at(-1))).toMatch(/standard.*express/s);
	});

	it('a question whose reply may have been said is answered with the next one, if it was not', async () => {
		const { sandbox, customer, settle, query } = await openTaughtStage({ firstRetryMs: 1500 });
		// Nobody can tell whether it has had its effect.
		sandbox.faults.api({ kind: 'drop', method: 'PUT', times: 1 });
		const { id } = customer.createTicket(question);
		while (sandbox.faults.struck() === 0) await sleep(10);
		customer.comment(id, 'And how long does express delivery take?');
		await settle();
		const turns = await query.selectFrom('turns').select(['triage']).orderBy('created_at').execute();
		expect(JSON.stringify(turns.at(-1))).toMatch(/standard.*express/s);
		expect(bodies(sandbox, id)).toHaveLength(3);
	});

	it.each(['readThread', 'find'] as const)(
		'a reply that arrives late, after its next attempt’s %s, is said once',
		async call => {
			let arrive: (() => Promise<unknown>) | undefined;
			const { sandbox, customer, settle } = await openTaughtStage({
				firstRetryMs: 10,
				wrapZendesk: zendesk => {
					const arrivingAfter =
						<A extends unknown[], R>(run: (...args: A) => Promise<R>) =>
						async (...args: A): Promise<R> => {
							const answer = await run(...args);
							const late = arrive;
							arrive = undefined;
							await late?.().catch(() => undefined);
							return answer;
						};
					let replies = 0;
					return {
						...zendesk,
						[call]: arrivingAfter(zendesk[call] as (...args: unknown[]) => Promise<unknown>),
						async reply(reply) {
							if (++replies > 1) return zendesk.reply(reply);
							// Given up by us, and still on its way.
							arrive = () => zendesk.reply(reply);
							throw new UnderstudyError('VENDOR_UNCERTAIN', 'no answer');
						},
					};
				},
			});
			const { id } = customer.createTicket(question);
			await settle();
			expect(arrive).toBeUndefined();
			expect(bodies(sandbox, id)).toHaveLength(2);
		},
	);

	it('a press of “send” sends the draft that was there to be read, not one nobody has seen', async () => {
		const { sandbox, customer, agent, settle, query } = await openTaughtStage({ confidence: 0.8 });
		const { id } = customer.createTicket(question);
		await settle();
		// Zendesk is busy: the second note is not there yet.
		sandbox.faults.api({ kind: 'status', status: 429, retryAfterSeconds: 2, method: 'PUT', times: 1 });
		customer.comment(id, 'I meant: how long does express delivery take?');
		while ((await query.selectFrom('drafts').select('id').execute()).length < 2) await sleep(10);
		expect(sandbox.internalNotes(id)).toHaveLength(1);
		agent.applyMacro(id, 'Send AI draft');
		await settle();
		expect(sandbox.publicComments(id)).toHaveLength(2);
	});

	it('a hand-back stays one although the agent’s last comment is told late', async () => {
		const { sandbox, customer, agent, settle } = await openTaughtStage();
		const { id } = customer.createTicket(question);
		await settle();
		sandbox.faults.webhook({ kind: 'delay', ms: 600, type: 'comment_added' });
		agent.comment(id, 'I will let our assistant help you from here.');
		agent.applyMacro(id, 'Hand back to the assistant');
		await settle();
		await sleep(900);
		await settle();
		customer.comment(id, 'How long does express delivery take?');
		await settle();
		expect(bodies(sandbox, id).at(-1)).toContain('Express delivery takes');
	});

	it('a hand-back answers what waited although an older comment of the agent’s was never told', async () => {
		const { sandbox, customer, agent, settle } = await openTaughtStage();
		const { id } = customer.createTicket(question);
		await settle();
		sandbox.faults.webhook({ kind: 'drop', type: 'comment_added' });
		agent.comment(id, 'Let me take this one.');
		await sandbox.idle();
		customer.comment(id, 'How long does express delivery take?');
		await settle();
		agent.applyMacro(id, 'Hand back to the assistant');
		await settle();
		expect(bodies(sandbox, id).at(-1)).toContain('Express delivery takes');
	});

	it('a message whose webhook is dated after a later message is answered with it', async () => {
		const stage = await openTaughtStage({ subscriptions: ['zen:event-type:none'], settleMs: 100 });
		const { sandbox, customer, settle } = stage;
		const { id } = customer.createTicket({ subject: 'Hi', body: 'A question about standard delivery' });
		customer.comment(id, 'How long does standard delivery take?');
		const [m1] = sandbox.publicComments(id);
		const who = String(m1?.author_id);
		await postWebhook(stage, {
			account_id: 1,
			id: 'e1',
			type: 'zen:event-type:ticket.comment_added',
			time: new Date(Date.now() + 4000).toISOString(),
			detail: { id: String(id), actor_id: who, requester_id: who, organization_id: null, subject: 'Hi' },
			event: {
				comment: {
					id: String(m1?.id),
					body: m1?.body,
					is_public: true,
					author: { id: who, is_staff: false, name: 'A' },
				},
			},
		});
		await settle();
		await sleep(800);
		expect(sandbox.publicComments(id).length).toBeGreaterThan(2);
	});

	it('a ticket that moved to another organisation is not answered from the first one’s knowledge', async () => {
		const { sandbox, settle, product } = await openStage();
		const a = sandbox.addOrganization({ name: 'Alpha' }).id,
			b = sandbox.addOrganization({ name: 'Beta' }).id;
		await product.knowledge.put({
			id: 'secret',
			title: 'Wombat prices',
			body: 'The wombat contract price for Alpha is 42 euros.',
			language: 'en',
			category: null,
			audience: `organization:${a}`,
			url: null,
			source: 'file',
			sourceRef: 'x',
		});
		const ute = sandbox.as(
			sandbox.addUser({ name: 'Ute', email: 'ute@a.example', role: 'end-user', organization_id: a }).id,
		);
		const ask = async (who: typeof ute) => {
			const { id } = who.createTicket({ subject: 'Hi', body: 'What is the wombat contract price?' });
			await settle();
			return bodies(sandbox, id).join();
		};
		const uli = sandbox.addUser({ name: 'Uli', email: 'uli@a.example', role: 'end-user', organization_id: a }).id;
		await expect.poll(() => product.knowledge.search.size).toBe(1);
		expect(await ask(sandbox.as(uli))).toContain('42 euros');
		const { id } = ute.createTicket({ subject: 'Hi', body: 'Zebra xylophone quartz?' });
		await settle();
		sandbox.ticket(id).organization_id = b;
		ute.comment(id, 'What is the wombat contract price?');
		await settle();
		expect(bodies(sandbox, id).join()).not.toContain('42 euros');
	});
});
