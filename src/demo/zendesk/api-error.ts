/** A refusal as Zendesk words it: the router answers its body with its status. */
export class ApiError extends Error {
	readonly status: number;
	readonly body: object;
	readonly headers: Record<string, string>;

	constructor(status: number, body: object, headers: Record<string, string> = {}) {
		super(JSON.stringify(body));
		this.name = 'ApiError';
		this.status = status;
		this.body = body;
		this.headers = headers;
	}
}

/** 404 */
export function recordNotFound(): ApiError {
	return new ApiError(404, { error: 'RecordNotFound', description: 'Not found' });
}

/** 422: the record would not be valid. `code` is the machine-readable name under `details`. */
export function recordInvalid(field: string, code: string, description: string): ApiError {
	return new ApiError(422, {
		error: 'RecordInvalid',
		description: 'Record validation errors',
		details: { [field]: [{ description, error: code }] },
	});
}

/** 422: nothing can be done to a closed ticket any more. */
export function closedTicket(): ApiError {
	return recordInvalid('status', 'ClosedTicket', 'Status: closed prevents ticket update');
}

/** 409: `safe_update` found a newer state. */
export function updateConflict(): ApiError {
	return new ApiError(409, {
		error: 'UpdateConflict',
		description:
			'Safe Update prevented the update due to outdated ticket data. Please fetch the latest ticket data and try again.',
	});
}

/** 400: the request cannot be read. */
export function badRequest(message: string): ApiError {
	return new ApiError(400, { error: { title: 'Invalid attribute', message } });
}

/** 401 */
export function notAuthenticated(): ApiError {
	return new ApiError(401, { error: "Couldn't authenticate you" });
}

/** 403: for admins alone. */
export function forbidden(): ApiError {
	return new ApiError(403, {
		error: { title: 'Forbidden', message: 'You do not have access to this page. Please contact the account owner.' },
	});
}
