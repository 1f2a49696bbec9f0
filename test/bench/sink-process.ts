// The helpdesk, reduced to the calls that integrations/zendesk makes and to a tally of what was done by them.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ready } from './child.ts';
import { botId } from './sink-ticket.ts';
import { createSinkTickets } from './sink-tickets.ts';

const tickets = createSinkTickets();

const server = createServer((request, response) => {
	if (request.method === 'GET') return answer(request, response, '');
	let body = '';
	request.setEncoding('utf8');
	request.on('data', chunk => {
		body += chunk;
	});
	request.on('end', () => answer(request, response, body));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => ready((server.address() as AddressInfo).port));

function answer({ method = '', url = '' }: IncomingMessage, response: ServerResponse, body: string): void {
	const [status, json] = route(method, url, body);
	response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) });
	response.end(json);
}

function route(method: string, url: string, body: string): [status: number, json: string] {
	const [path = '', query = ''] = url.split('?', 2);
	const [, , version, kind, id = '', part = ''] = path.replaceAll('.json', '').split('/');
	if (kind === 'tickets' && version === 'v2') {
		if (method === 'PUT') return tickets.update(Number(id), body);
		if (part === '') return tickets.show(Number(id), query);
		if (part === 'comments') return tickets.comments(Number(id), query);
		if (part === 'audits') return tickets.audits(Number(id));
		if (part === 'tags' && method === 'DELETE') return [200, '{"tags":[]}'];
	}
	if (kind === 'users') return id === 'me' ? [200, me] : tickets.user(Number(id));
	switch (path) {
		case '/bench/effect':
			return tickets.effect(body);
		case '/bench/tickets':
			return tickets.create(body);
		case '/bench/progress':
			return [200, JSON.stringify(tickets.progress())];
		case '/bench/effects':
			return [200, JSON.stringify(tickets.effects())];
		case '/oauth/tokens':
			return [200, '{"access_token":"bench","token_type":"bearer","expires_in":172800}'];
		default:
			return [404, '{"error":"RecordNotFound"}'];
	}
}

const me = JSON.stringify({ user: { id: botId, name: 'Understudy', email: 'bot@shop.example', role: 'agent' } });
