// A trained classifier as bytes: 4 bytes of header length, a JSON header, the arrays, then a SHA-256 of all before.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Classifier, createClassifier } from './classifier.ts';
import { recordLength } from './compact-model.ts';
import { createReader, type Reader } from './reader.ts';

const Header = z.object({
	labels: z.array(z.string()),
	temperature: z.number(),
	features: z.int().nonnegative(),
	largestWeight: z.number(),
});

const digestBytes = 32;

export function serializeClassifier({ parts }: Classifier): Buffer {
	const { labels, temperature, model } = parts;
	const { largestWeight, biases, records } = model;
	const features = records.length / recordLength(labels.length);
	const header: z.infer<typeof Header> = { labels, temperature, features, largestWeight };
	const headerBytes = padded(Buffer.from(JSON.stringify(header)));
	const headerLength = Buffer.alloc(4);
	headerLength.writeUInt32LE(headerBytes.length);
	const body = Buffer.concat([headerLength, headerBytes, bytesOf(biases), bytesOf(records)]);
	return Buffer.concat([body, digest(body)]);
}

/**
 * The arrays are those of `bytes`, which must not be changed afterwards. Throws when the bytes are not a whole classifier.
 * @param reader must find what the one found that the classifier was trained with.
 */
export function deserializeClassifier(bytes: Buffer, reader: Reader = createReader()): Classifier {
	const body = bytes.subarray(0, -digestBytes);
	if (!digest(body).equals(bytes.subarray(-digestBytes))) throw new Error('The classifier file is damaged.');
	const headerLength = body.readUInt32LE(0);
	const { labels, temperature, features, largestWeight } = Header.parse(
		JSON.parse(body.toString('utf8', 4, 4 + headerLength)),
	);
	const { buffer, byteOffset } = aligned(body);
	const start = byteOffset + 4 + headerLength;
	const biases = new Float32Array(buffer, start, labels.length);
	const records = new Int32Array(buffer, start + biases.byteLength, features * recordLength(labels.length));
	return createClassifier({ labels, temperature, model: { records, largestWeight, biases } }, reader);
}

/** With spaces at its end, so that the arrays behind it begin at a multiple of four. */
function padded(header: Buffer): Buffer {
	return Buffer.concat([header, Buffer.alloc((4 - (header.length % 4)) % 4, ' ')]);
}

/** The same bytes where typed arrays of four bytes can lie; a file that was read lies there already. */
function aligned(bytes: Buffer): Uint8Array {
	return bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView<ArrayBufferLike>): Buffer {
	return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

function digest(body: Buffer): Buffer {
	return createHash('sha256').update(body).digest();
}
