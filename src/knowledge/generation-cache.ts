/** A bounded cache that keeps what is in use: when the young half is full it becomes the old one, and what is asked for again moves back. */
export interface GenerationCache<Value> {
	get(key: string, create: (key: string) => Value): Value;
}

export function createGenerationCache<Value>(halfSize: number): GenerationCache<Value> {
	let young = new Map<string, Value>();
	let old = new Map<string, Value>();
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
	};
}
