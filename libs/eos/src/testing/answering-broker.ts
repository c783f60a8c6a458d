import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/**
 * The first answer of brokers that cannot be had here, byte by byte: a program that answers
 * whatever it is asked with one body, and hangs up.
 */
export async function answeringBroker(
  body: Buffer,
): Promise<{ readonly address: string; close(): void }> {
  const server = createServer((socket) => {
    socket.once('data', (asked) => {
      const correlation = asked.subarray(8, 12);
      const answer = Buffer.concat([int32(body.length + 4), correlation, body]);
      // In two parts, as a network may.
      socket.write(answer.subarray(0, 7));
      socket.end(answer.subarray(7));
    });
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { address: `127.0.0.1:${port}`, close: () => server.close() };
}

const int16 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, i) => bytes.writeInt16BE(value, i * 2));
  return bytes;
};
const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const NO_TAGS = Buffer.of(0);
/** A tag of a later version, which is passed over. */
const A_TAG = Buffer.of(1, 9, 2, 0xff, 0xff);
const REQUESTS = 60;

const feature = (name: string, lowest: number, highest: number): Buffer =>
  Buffer.concat([Buffer.of(name.length + 1), Buffer.from(name), int16(lowest, highest), NO_TAGS]);

/** To ApiVersions 3, of a broker whose software knows metadata.version up to this level. */
export function releaseAnswer(level: number): Buffer {
  const request = (key: number): Buffer => Buffer.concat([int16(key, 0, 4), NO_TAGS]);
  const requests = Array.from({ length: REQUESTS }, (_, key) => request(key));
  const features = [feature('group.version', 0, 1), feature('metadata.version', 7, level)];
  const supported = Buffer.concat([Buffer.of(features.length + 1), ...features]);
  return Buffer.concat([
    ...[int16(0), Buffer.of(REQUESTS + 1 + 1), int16(99, 0, 1), A_TAG, ...requests, int32(0)],
    ...[Buffer.of(2, 0, supported.length), supported, Buffer.of(1, 8), Buffer.alloc(8)],
  ]);
}

/** Of a broker that does not know the question. */
export const UNSUPPORTED_VERSION = int16(35);
