// A trained classifier as bytes: 4 bytes of header length, a JSON header, the arrays, then a SHA-256 of all before.
// Weights are kept as 16-bit steps of the largest: half the size.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Classifier, createClassifier } from './classifier.ts';
import type { FindConcepts } from './concepts.ts';
import { createVectorizer } from './vectorizer.ts';

const Header = z.object({
	labels: z.array(z.string()),
	temperature: z.number(),
	slots: z.int().nonnegative(),
	largestWeight: z.number(),
});

const digestBytes = 32;

export function serializeClassifier({ parts }: Classifier): Buffer {
	const { labels, temperature, vectorizer, model } = parts;
	const largestWeight = model.weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-6);
	const header: z.infer<typeof Header> = { labels, temperature, slots: vectorizer.idf.length, largestWeight };
	const headerBytes = Buffer.from(JSON.stringify(header));
	const headerLength = Buffer.alloc(4);
	headerLength.writeUInt32LE(headerBytes.length);
	// Plain loops: `from` with a function first makes an array of millions of numbers.
	const steps = new Int16Array(model.weights.length);
	for (let i = 0; i < steps.length; i++) steps[i] = Math.round(((model.weights[i] as number) / largestWeight) * 32767);
	const arrays = [vectorizer.hashes, vectorizer.idf, model.biases, steps].map(bytesOf);
	const body = Buffer.concat([headerLength, headerBytes, ...arrays]);
	return Buffer.concat([body, digest(body)]);
}

/** Throws when the bytes are not a whole classifier. `findConcepts` must be the one it was trained with. */
export function deserializeClassifier(bytes: Buffer, findConcepts?: FindConcepts): Classifier {
	const body = bytes.subarray(0, -digestBytes);
	if (!digest(body).equals(bytes.subarray(-digestBytes))) throw new Error('The classifier file is damaged.');
	const headerLength = body.readUInt32LE(0);
	const { labels, temperature, slots, largestWeight } = Header.parse(
		JSON.parse(body.toString('utf8', 4, 4 + headerLength)),
	);
	let position = 4 + headerLength;
	const take = (length: number): ArrayBuffer => {
		const copy = new Uint8Array(length);
		copy.set(body.subarray(position, position + length));
		position += length;
		return copy.buffer;
	};
	const labelCount = labels.length;
	const vectorizer = createVectorizer(new Int32Array(take(slots * 4)), new Float32Array(take(slots * 4)));
	const biases = new Float32Array(take(labelCount * 4));
	const steps = new Int16Array(take(slots * labelCount * 2));
	const weights = new Float32Array(steps.length);
	for (let i = 0; i < weights.length; i++) weights[i] = ((steps[i] as number) * largestWeight) / 32767;
	return createClassifier({ labels, temperature, vectorizer, model: { labelCount, weights, biases } }, findConcepts);
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView<ArrayBufferLike>): Buffer {
	return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

function digest(body: Buffer): Buffer {
	return createHash('sha256').update(body).digest();
}
