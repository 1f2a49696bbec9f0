import { randomBytes } from 'node:crypto';
import type { Route } from './api.ts';
import { recordNotFound } from './api-error.ts';
import { type Desk, isoSeconds, takeId } from './desk.ts';
import { paginate } from './pagination.ts';
import { TicketFieldInput } from './schema.ts';
import type { Attachment, Group, TicketField } from './state.ts';

/** What belongs to the account rather than to a ticket: groups, ticket fields, and files waiting to be attached. */
export function routeAccount(route: Route, desk: Desk): void {
	const groups = () => Object.values(desk.state().groups);
	const fields = () => Object.values(desk.state().ticketFields);
	route('GET', '/groups', call => paginate('groups', groups(), call.url).envelope);
	route('GET', '/groups/:id', call => {
		const group = desk.state().groups[call.id('id')];
		if (group === undefined) throw recordNotFound();
		return { group };
	});
	route('GET', '/ticket_fields', call => paginate('ticket_fields', fields(), call.url).envelope);
	route(
		'POST',
		'/ticket_fields',
		async call => {
			const ticketField = createTicketField(desk, await call.body(TicketFieldInput, 'ticket_field'));
			return { status: 201, json: { ticket_field: ticketField } };
		},
		{ adminOnly: true },
	);
	route('POST', '/uploads', async call => {
		const { token, attachment } = storeUpload(desk, {
			fileName: call.url.searchParams.get('filename') ?? 'file',
			contentType: call.header('content-type') ?? 'application/octet-stream',
			size: (await call.bytes()).byteLength,
		});
		return { status: 201, json: { upload: { token, attachment, attachments: [attachment] } } };
	});
}

/** Adds a group; the first one takes the tickets that name none. */
export function createGroup(desk: Desk, input: { id?: number; name: string }): Group {
	const state = desk.state();
	const isFirst = Object.keys(state.groups).length === 0;
	const id = input.id ?? takeId(state);
	const group: Group = { id, name: input.name, default: isFirst, created_at: isoSeconds(desk.now()) };
	state.groups[id] = group;
	return group;
}

/** Adds a custom field; tickets show it from then on. */
export function createTicketField(
	desk: Desk,
	{
		custom_field_options,
		...input
	}: Omit<TicketFieldInput, 'type' | 'active'> & Partial<TicketFieldInput> & { id?: number },
): TicketField {
	const state = desk.state();
	const field: TicketField = {
		id: input.id ?? takeId(state),
		type: input.type ?? 'text',
		title: input.title,
		active: input.active ?? true,
		...(custom_field_options && { custom_field_options }),
	};
	state.ticketFields[field.id] = field;
	return field;
}

/** Keeps the name and size of a file, not its bytes: nothing here reads them back. */
function storeUpload(desk: Desk, file: { fileName: string; contentType: string; size: number }) {
	const token = randomBytes(12).toString('hex');
	const attachment: Attachment = {
		id: takeId(desk.state()),
		file_name: file.fileName,
		content_type: file.contentType,
		content_url: `${desk.baseUrl()}/attachments/token/${token}/?name=${encodeURIComponent(file.fileName)}`,
		size: file.size,
	};
	desk.state().uploads[token] = attachment;
	return { token, attachment };
}
