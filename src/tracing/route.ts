/** A vendor's URL as its route: without query, and with every segment that is no plain word taken for an id. */
export function routeOf({ pathname }: URL): string {
	return pathname
		.split('/')
		.map(segment => (/^([a-z][a-z_]*|v\d+)?(\.json)?$/.test(segment) ? segment : '{id}'))
		.join('/');
}
