import { html } from 'hono/html';
import { layout } from './view-layout.ts';

const locales = [
	['en-US', 'English'],
	['es', 'Español'],
	['fr', 'Français'],
	['de', 'Deutsch'],
	['pt-BR', 'Português'],
] as const;

/** The contact form a customer would fill in. */
export function newTicketPage(error: string | undefined): Promise<string> {
	const options = locales.map(([locale, name]) => html`<option value="${locale}">${name}</option>`);
	const form = html`<h1>New ticket</h1>
<form class="card form" method="post" action="/agent/new">
<label>Name<input name="name" required maxlength="100" autocomplete="off"></label>
<label>E-mail<input name="email" type="email" required autocomplete="off"></label>
<label>Language of the profile<select name="locale">${options}</select></label>
<label>Subject<input name="subject" maxlength="150" autocomplete="off"></label>
<label>Message<textarea name="text" rows="6" required></textarea></label>
<p><button class="button primary">Send as this customer</button></p>
</form>`;
	return layout('New ticket', form, error);
}
