/**
 * What all of them come to, once all are over: with `Promise.all` the others would still be under way when the first has failed,
 * and a connection would be given back while it works. @throws what the first that failed has thrown.
 */
export async function allOver<Results extends readonly unknown[]>(
	...promises: { [I in keyof Results]: Promise<Results[I]> | Results[I] }
): Promise<Results> {
	const settled = await Promise.allSettled(promises);
	return settled.map(one => {
		if (one.status === 'rejected') throw one.reason;
		return one.value;
	}) as unknown as Results;
}
