import { badRequest } from './api-error.ts';

/** One page of a list, in the shape `name` with the envelope of the pagination the client asked for. */
export function paginate<Item extends { id: number | string }>(
	name: string,
	items: Item[],
	url: URL,
): { page: Item[]; envelope: Record<string, unknown> } {
	return url.searchParams.has('page[size]') ? cursorPage(name, items, url) : offsetPage(name, items, url);
}

/** `page[size]` and `page[after]`; the cursor names the last record of the page before. */
function cursorPage<Item extends { id: number | string }>(name: string, items: Item[], url: URL) {
	const size = clampSize(url.searchParams.get('page[size]'));
	const after = url.searchParams.get('page[after]');
	const start = after === null ? 0 : positionAfter(items, decodeCursor(after));
	const page = items.slice(start, start + size);
	const last = page.at(-1);
	const hasMore = start + size < items.length;
	const afterCursor = last === undefined ? null : encodeCursor(String(last.id));
	const next = new URL(url);
	if (afterCursor !== null) next.searchParams.set('page[after]', afterCursor);
	return {
		page,
		envelope: {
			[name]: page,
			meta: { has_more: hasMore, after_cursor: afterCursor, before_cursor: after },
			links: { next: hasMore ? next.href : null, prev: null },
		},
	};
}

/** `page` and `per_page`, what Zendesk answers to a client that asks for neither. */
function offsetPage<Item>(name: string, items: Item[], url: URL) {
	const size = clampSize(url.searchParams.get('per_page'));
	const number = Math.max(1, Number.parseInt(url.searchParams.get('page') ?? '1', 10) || 1);
	const page = items.slice((number - 1) * size, number * size);
	const linkTo = (to: number) => {
		const link = new URL(url);
		link.searchParams.set('page', String(to));
		return link.href;
	};
	return {
		page,
		envelope: {
			[name]: page,
			count: items.length,
			next_page: number * size < items.length ? linkTo(number + 1) : null,
			previous_page: number > 1 ? linkTo(number - 1) : null,
		},
	};
}

/** Orders by `sort` (`-created_at`) or `sort_by` and `sort_order`; ties and no order at all stay by age. */
export function sortItems<Item extends object>(items: Item[], url: URL, fields: (keyof Item & string)[]): Item[] {
	const sort = url.searchParams.get('sort') ?? url.searchParams.get('sort_by') ?? fields[0] ?? '';
	const isDescending = sort.startsWith('-') || url.searchParams.get('sort_order') === 'desc';
	const field = fields.find(name => name === sort.replace(/^-/, ''));
	if (field === undefined) throw badRequest(`sort is not valid: ${sort}`);
	const sorted = items.toSorted((a, b) => compare(a[field], b[field]));
	return isDescending ? sorted.reverse() : sorted;
}

function compare(a: unknown, b: unknown): number {
	if (typeof a === 'number' && typeof b === 'number') return a - b;
	return String(a) < String(b) ? -1 : Number(String(a) > String(b));
}

function clampSize(text: string | null): number {
	const size = Number.parseInt(text ?? '100', 10) || 100;
	return Math.min(Math.max(size, 1), 100);
}

function positionAfter(items: { id: number | string }[], id: string): number {
	const index = items.findIndex(item => String(item.id) === id);
	if (index === -1) throw badRequest('page[after] is not valid');
	return index + 1;
}

function encodeCursor(text: string): string {
	return Buffer.from(text).toString('base64url');
}

function decodeCursor(text: string): string {
	return Buffer.from(text, 'base64url').toString();
}
