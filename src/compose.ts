import type { Kysely } from 'kysely';
import type { Zendesk } from '../integrations/zendesk/channel.ts';
import { reviewTags } from '../integrations/zendesk/review-tags.ts';
import { createDeliver, type Deliver } from '../jobs/deliver.ts';
import { createHarvest } from '../jobs/harvest.ts';
import { createIndexArticle } from '../jobs/index-article.ts';
import { createRespond } from '../jobs/respond.ts';
import { createRetain } from '../jobs/retain.ts';
import { createReview } from '../jobs/review.ts';
import { createSealAudit } from '../jobs/seal-audit.ts';
import { createSweep } from '../jobs/sweep.ts';
import { createBatch } from './batch.ts';
import type { Channel } from './channel.ts';
import type { Conversation } from './conversation.ts';
import { readConversations, readMessages } from './conversations.ts';
import type { Database } from './database/database.ts';
import type { Schema } from './database/schema.ts';
import { createDeadLetters, type DeadLetters } from './dead-letters.ts';
import { createHttp, type HttpDeps } from './http.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { type Candidates, createCandidates } from './knowledge/candidates.ts';
import { createKnowledge, type Knowledge } from './knowledge/knowledge.ts';
import type { ConceptsOf } from './knowledge/passage-concepts.ts';
import type { Logger } from './log.ts';
import { nameInLog } from './log-context.ts';
import type { Metrics } from './metrics.ts';
import { measureOutbox } from './outbox/outbox-metrics.ts';
import { createOutbox } from './outbox.ts';
import type { Phrases } from './phrases.ts';
import type { BulkQueue, Jobs } from './pipeline.ts';
import type { Confidence } from './policy/confidence.ts';
import type { Policy } from './policy/policy.ts';
import { createRetention } from './retention/retention.ts';
import { createReviews } from './reviews.ts';
import { redact } from './safety/personal-data.ts';
import { type Tracing, untraced } from './tracing/tracing.ts';
import type { TriageMessage } from './triage/create-triage.ts';
import { stripMessage } from './triage/strip.ts';
import { createThinking, paceThinking, type Thinking } from './turns/thinking.ts';
import { createTurns } from './turns.ts';

/** What taking messages in needs: no model and no knowledge, so that a `web` process is up within a second. */
export interface IntakeParts {
	database: Database;
	queue: BulkQueue & { ping(): Promise<void> };
	zendesk: Zendesk;
	metrics: Metrics;
	/** None where nothing is followed. */
	tracing?: Tracing;
	/** A look into the queues, where it was asked for. */
	board?: HttpDeps['board'];
	log: Logger;
	settings: { tenantId: string; settleMs: number };
}

/** What the parts are made of: engines, vendors and models that `main.ts`, the demo or a test has opened. */
export interface Parts extends IntakeParts {
	triage: TriageMessage;
	conceptsOf: ConceptsOf;
	confidence: Confidence;
	policy: Policy;
	phrases: Phrases;
	/** Puts something around the thinking: how a load test simulates a model. */
	wrapThinking?: (thinking: Thinking) => Thinking;
	settings: IntakeParts['settings'] & {
		/** How long a sender is presumed alive; longer than any vendor call may take. */
		leaseMs: number;
		/** Work younger than this is left alone by the sweeper. */
		graceMs: number;
		/** The wait after a first failed delivery; doubles with each. */
		firstRetryMs: number;
	};
}

/** The half that listens: verifies, stores and ticks. */
export interface Intake {
	inbox: Inbox;
	http: ReturnType<typeof createHttp>;
}

/** @param channels whose webhooks are taken; none in a process that only works. */
export function composeIntake(
	{ database, queue, zendesk, metrics, tracing = untraced, board, log, settings }: IntakeParts,
	channels: readonly Channel[] = [zendesk],
): Intake {
	const query = database.forTenant(settings.tenantId);
	const inbox = tracing.traceCalls('inbox', createInbox({ query, queue, log, metrics, ...settings }));
	const http = createHttp({
		channels,
		inbox,
		traceRequest: tracing.traceRequest,
		board,
		metricsPage: metrics.page,
		dependencies: {
			database: () => query.selectFrom('conversations').select('id').limit(1).execute(),
			queue: () => queue.ping(),
			zendesk: () => zendesk.connect(),
		},
		log,
	});
	return { inbox, http };
}

/** The product, put together. Nothing runs until the caller starts a server or workers. */
export interface Product {
	jobs: Jobs;
	http: ReturnType<typeof createHttp>;
	knowledge: Knowledge;
	candidates: Candidates;
	thinking: Thinking;
	deadLetters: DeadLetters;
	close(): Promise<void>;
}

/** The one place that knows every part. @param channels whose webhooks are taken; none in a process that only works. */
export function compose(parts: Parts, channels: readonly Channel[] = [parts.zendesk]): Product {
	const { database, queue, zendesk, policy, log, metrics, settings, triage, confidence, phrases } = parts;
	const { tracing = untraced } = parts;
	const { tenantId } = settings;
	const query = database.forTenant(tenantId);

	const knowledge = createKnowledge({ database, queue, log, tenantId, conceptsOf: parts.conceptsOf });
	const candidates = createCandidates(query, knowledge, tenantId, policy.harvest);
	const { inbox, http } = composeIntake(parts, channels);
	const turns = tracing.traceCalls(
		'turns',
		createTurns({ query, tenantId, flood: policy.flood, leaseMs: settings.leaseMs }),
	);
	const outbox = tracing.traceCalls('outbox', measureOutbox(createOutbox(query, settings.leaseMs), metrics));
	const { wrapThinking = thinking => thinking } = parts;
	const thinking = tracing.traceCalls(
		'thinking',
		wrapThinking(paceThinking(createThinking({ triage, search: knowledge.search, confidence, policy, phrases }))),
	);
	const channelOf = (_conversation: Conversation) => zendesk;
	const conversations = {
		readConversation: createBatch((ids: string[]) => readConversations(query, ids)),
		readMessages: (id: string) => readMessages(query, id),
	};

	const sayToAgents = phrases(policy.agentLanguage);
	const observe = <J extends Jobs>(all: J) => metrics.measureJobs(nameInLog(tracing.traceJobs(all)));
	const jobs: Jobs & { deliver: Deliver } = observe({
		respond: createRespond({
			turns,
			inbox,
			channelOf,
			thinking,
			phrases,
			policy,
			deliver: (payload, first) => jobs.deliver.run(payload, first),
			queue,
			log,
			metrics,
			...conversations,
		}),
		deliver: createDeliver({
			tellAgent: (what, { reason, text }) =>
				sayToAgents(`note.${what}`, { reason: sayToAgents(`stale_reason.${reason}`), text: text ?? '' }),
			outbox,
			inbox,
			channelOf,
			helpdesk: zendesk,
			queue,
			log,
			firstRetryMs: settings.firstRetryMs,
		}),
		review: createReview({ reviews: createReviews(query, reviewTags), queue, inbox, channelOf, ...conversations }),
		harvest: createHarvest({
			inbox,
			channelOf,
			candidates,
			search: knowledge.search,
			triage,
			policy,
			log,
			strip: stripMessage,
			redact,
			harvested: async id => {
				await query.updateTable('conversations').set({ harvest_due_since: null }).where('id', '=', id).execute();
			},
			isAssistantsOwn: id => hasOwnAnswer(query, id),
			...conversations,
		}),
		'index-article': createIndexArticle({ knowledge }),
		sweep: createSweep({ query, queue, log, graceMs: settings.graceMs }),
		'seal-audit': createSealAudit({ query, log }),
		retain: createRetain({
			retention: createRetention({ query, queue, tenantId, periods: policy.retention }),
			metrics,
			log,
		}),
	});
	const deadLetters = createDeadLetters({ query, queue, log, tenantId });
	return {
		jobs,
		http,
		knowledge,
		candidates,
		thinking,
		deadLetters,
		close: () => knowledge.close(),
	};
}

/** Whether an agent sent what the assistant had written, as it was or changed. */
async function hasOwnAnswer(query: Kysely<Schema>, conversationId: string): Promise<boolean> {
	const row = await query
		.selectFrom('outcomes')
		.innerJoin('turns', 'turns.id', 'outcomes.turn_id')
		.select('outcomes.id')
		.where('turns.conversation_id', '=', conversationId)
		.where('outcomes.kind', 'in', ['approved', 'edited'])
		.executeTakeFirst();
	return row !== undefined;
}
