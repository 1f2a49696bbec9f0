import { html } from 'hono/html';
import type { Ticket } from './state.ts';

/** Markup whose interpolations are escaped. */
export type Markup = ReturnType<typeof html>;

/** A whole page around some content; `error` is said above it. */
export async function layout(title: string, content: Markup, error?: string): Promise<string> {
	const page = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/agent/style.css">
<script src="/agent/live.js" defer></script>
</head>
<body>
<header class="bar">
<a class="brand" href="/agent/tickets">Helpdesk <small>sandbox</small></a>
<a class="button primary" href="/agent/new">New ticket</a>
</header>
<main>
${error === undefined ? '' : html`<p class="error" role="alert">${error}</p>`}
${content}
</main>
</body>
</html>`;
	return String(page);
}

/** The status as a coloured word. */
export function statusBadge(status: Ticket['status']): Markup {
	return html`<span class="status ${status}">${status}</span>`;
}

/** The tags as chips; a language tag stands out. */
export function tagChips(tags: string[]): Markup {
	const chips = tags.map(
		tag => html`<span class="tag${languageOf([tag]) === undefined ? '' : ' language'}">${tag}</span>`,
	);
	return html`<span class="tags">${chips}</span>`;
}

/** `pt` of a tag like `lang_pt` or `understudy_language_pt`. */
export function languageOf(tags: string[]): string | undefined {
	const match = tags.map(tag => /(?:^|_)lang(?:uage)?_([a-z]{2})$/.exec(tag)?.[1]);
	return match.find(language => language !== undefined);
}

const clock = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

/** A time for a person, in UTC, with the exact one behind it. */
export function timeOf(iso: string): Markup {
	return html`<time datetime="${iso}" title="${iso}">${clock.format(new Date(iso))}</time>`;
}
