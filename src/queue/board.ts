import type { Queue } from 'bullmq';
import { Hono } from 'hono';
import { basicAuth } from 'hono/basic-auth';

export interface BoardDeps {
	user: string;
	password: string;
	/** BullMQ's queues, one a stage. */
	queues: () => readonly Queue[];
}

/** Where the board is; its pages build their links on it. */
export const boardPath = '/queues';

/** The page names a font at Google's: nobody who looks at a queue is told to them. Its scripts are its own. */
const contentPolicy =
	"default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/** A look into the queues for who knows the password. bull-board is loaded when the first one looks. */
export function createBoard({ user, password, queues }: BoardDeps): Hono {
	const app = new Hono();
	let pages: Promise<Hono> | undefined;
	// Compares in constant time.
	app.use(basicAuth({ username: user, password, realm: 'Understudy' }));
	app.all(`${boardPath}/*`, async context => {
		pages ??= import('./board-pages.ts').then(({ createBoardPages }) => createBoardPages(queues(), boardPath));
		const page = await (await pages).fetch(context.req.raw);
		page.headers.set('content-security-policy', contentPolicy);
		return page;
	});
	return app;
}
