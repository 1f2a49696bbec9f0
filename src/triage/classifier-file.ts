// A trained classifier as bytes: 4 bytes of header length, a JSON header, then each member's arrays, then a SHA-256 of all before.
// Weights are kept as 16-bit steps of the largest: half the size, and no decision changes.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Classifier, createClassifier } from './classifier.ts';
import { createVectorizer } from './vectorizer.ts';

const Header = z.object({
	labels: z.array(z.string()),
	temperature: z.number(),
	members: z.array(z.object({ group: z.string().nullable(), slots: z.int().nonnegative(), largestWeight: z.number() })),
});

const digestBytes = 32;

export function serializeClassifier({ parts }: Classifier): Buffer {
	const largestWeights = parts.members.map(({ model }) =>
		model.weights.reduce((most, w) => Math.max(most, Math.abs(w)), 1e-6),
	);
	const header: z.infer<typeof Header> = {
		labels: parts.labels,
		temperature: parts.temperature,
		members: parts.members.map(({ group, vectorizer }, i) => ({
			group,
			slots: vectorizer.idf.length,
			largestWeight: largestWeights[i] ?? 1,
		})),
	};
	const headerBytes = Buffer.from(JSON.stringify(header));
	const length = Buffer.alloc(4);
	length.writeUInt32LE(headerBytes.length);
	const chunks: Buffer[] = [length, headerBytes];
	for (const [i, { vectorizer, model }] of parts.members.entries()) {
		const scale = 32767 / (largestWeights[i] ?? 1);
		const steps = Int16Array.from(model.weights, weight => Math.round(weight * scale));
		chunks.push(bytesOf(vectorizer.hashes), bytesOf(vectorizer.idf), bytesOf(model.biases), bytesOf(steps));
	}
	const body = Buffer.concat(chunks);
	return Buffer.concat([body, digest(body)]);
}

/** Throws when the bytes are not a whole classifier. */
export function deserializeClassifier(bytes: Buffer): Classifier {
	const body = bytes.subarray(0, -digestBytes);
	if (!digest(body).equals(bytes.subarray(-digestBytes))) throw new Error('The classifier file is damaged.');
	const headerLength = body.readUInt32LE(0);
	const header = Header.parse(JSON.parse(body.toString('utf8', 4, 4 + headerLength)));
	const labelCount = header.labels.length;
	let position = 4 + headerLength;
	const take = (length: number): ArrayBuffer => {
		const copy = new Uint8Array(length);
		copy.set(body.subarray(position, position + length));
		position += length;
		return copy.buffer;
	};
	const members = header.members.map(({ group, slots, largestWeight }) => {
		const vectorizer = createVectorizer(new Int32Array(take(slots * 4)), new Float32Array(take(slots * 4)));
		const biases = new Float32Array(take(labelCount * 4));
		const steps = new Int16Array(take(slots * labelCount * 2));
		const weights = Float32Array.from(steps, step => (step * largestWeight) / 32767);
		return { group, vectorizer, model: { labelCount, weights, biases } };
	});
	return createClassifier({ labels: header.labels, temperature: header.temperature, members });
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
	return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

function digest(body: Buffer): Buffer {
	return createHash('sha256').update(body).digest();
}
