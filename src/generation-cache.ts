/** A bounded cache that keeps what is in use: when the young half is full it becomes the old one, and what is asked for again moves back. */
export interface GenerationCache<Key, Value> {
	get(key: Key, create: (key: Key) => Value): Value;
	/** How many values are held, at most twice the half. */
	readonly size: number;
}

export function createGenerationCache<Key, Value>(halfSize: number): GenerationCache<Key, Value> {
	let young = new Map<Key, Value>();
	let old = new Map<Key, Value>();
	return {
		get(key, create) {
			let value = young.get(key);
			if (value !== undefined) return value;
			value = old.get(key) ?? create(key);
			if (young.size >= halfSize) {
				old = young;
				young = new Map();
			}
			young.set(key, value);
			return value;
		},
		get size() {
			return young.size + old.size;
		},
	};
}
