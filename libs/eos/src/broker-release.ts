/**
 * Which release of Kafka a broker is, asked in its own protocol (ApiVersions): kafkajs does not.
 *
 * Guarantee: a broker older than Kafka 4 is refused before anything is read. On such a broker the
 * order of the engine's steps is not enough: its group coordinator answers that a Kafka transaction
 * is settled a moment before the committed offset can be read, and a successor would start early.
 * Not promised: that all brokers of a cluster are asked; those are that the connection names.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Log } from './runner.js';
import { BugError, RetryError } from './verdicts.js';

/** Kafka's levels of the feature metadata.version, by the first of each release. */
const RELEASES: readonly (readonly [level: number, name: string])[] = [
  [34, 'newer than 4.4'],
  [31, '4.4'],
  [30, '4.3'],
  [28, '4.2'],
  [26, '4.1'],
  [22, '4.0'],
];
const TOO_OLD = 'older than 4.0';
/** Both can end a Kafka transaction without writing its markers, when they are killed. */
const LOSES_MARKERS: readonly string[] = ['4.3', '4.4'];

/** Refuses an old broker, warns of one that can lose markers; rejects when none answers. */
export async function assertBrokers(brokers: readonly string[], log: Log): Promise<void> {
  const answers = await Promise.allSettled(brokers.map(releaseOf));
  const known = answers.flatMap((answer, i) =>
    answer.status === 'fulfilled' ? [{ broker: brokers[i], release: answer.value }] : [],
  );
  if (known.length === 0) throw new RetryError(`no broker answers at ${brokers.join(', ')}`);
  for (const { broker, release } of known) {
    if (release === TOO_OLD) {
      throw new BugError(`the broker ${broker} is ${TOO_OLD}: exactly-once needs Kafka 4`);
    }
    if (LOSES_MARKERS.includes(release)) {
      log.warn(
        { broker, release },
        `the broker ${broker} is Kafka ${release}, which can lose the end of a Kafka transaction ` +
          'when it is killed: its readers then wait for ever. 4.2 does not',
      );
    }
  }
}

async function releaseOf(broker: string): Promise<string> {
  const level = metadataLevelIn(await ask(broker, apiVersionsRequest()));
  return RELEASES.find(([first]) => level >= first)?.[1] ?? TOO_OLD;
}

const API_VERSIONS = 18;
/** The first that tells the features; a broker that does not know it answers in version 0. */
const VERSION = 3;
const ANSWER_WITHIN_MS = 3_000;
const LENGTH_BYTES = 4;
/** What is longer is no broker. */
const LONGEST_ANSWER = 100_000;

function apiVersionsRequest(): Buffer {
  const client = Buffer.from('checkout');
  const head = Buffer.alloc(10);
  head.writeInt16BE(API_VERSIONS, 0);
  head.writeInt16BE(VERSION, 2);
  head.writeInt16BE(client.length, 8);
  const noTags = Buffer.of(0);
  const text = Buffer.concat([Buffer.of(client.length + 1), client]);
  const body = Buffer.concat([head, client, noTags, text, text, noTags]);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** The answer without its length. */
async function ask(broker: string, request: Buffer): Promise<Buffer> {
  const at = broker.lastIndexOf(':');
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const socket = connect({ host: broker.slice(0, at), port: Number(broker.slice(at + 1)), signal });
  try {
    await once(socket, 'connect');
    socket.write(request);
    let bytes: Buffer = Buffer.alloc(0);
    for await (const more of socket) {
      bytes = Buffer.concat([bytes, more as Buffer]);
      const length = bytes.length < LENGTH_BYTES ? 0 : bytes.readInt32BE(0);
      if (length < 0 || length > LONGEST_ANSWER) break;
      if (length > 0 && bytes.length >= LENGTH_BYTES + length) return bytes.subarray(LENGTH_BYTES);
    }
    throw new RetryError(`${broker} does not answer as a broker does`);
  } finally {
    socket.destroy();
  }
}

const UNSUPPORTED_VERSION = 35;
const BEFORE_ANY = 0;
const SUPPORTED_FEATURES = 0;

/** The highest level that the broker supports, whatever its cluster has agreed upon. */
function metadataLevelIn(answer: Buffer): number {
  let at = LENGTH_BYTES; // the correlation id
  const int16 = (): number => answer.readInt16BE((at += 2) - 2);
  const unsigned = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = answer.readUInt8(at++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const each = (count: number, read: () => void): void => {
    for (let i = 0; i < count; i++) read();
  };
  const passTags = (): void =>
    each(unsigned(), () => {
      unsigned();
      const length = unsigned();
      at += length;
    });

  if (int16() === UNSUPPORTED_VERSION) return BEFORE_ANY;
  each(unsigned() - 1, () => {
    at += 6; // a request, its lowest and its highest version
    passTags();
  });
  at += 4; // throttle
  let level = BEFORE_ANY;
  const feature = (): void => {
    const length = unsigned() - 1;
    const name = answer.toString('utf8', at, (at += length));
    int16(); // its lowest
    const highest = int16();
    passTags();
    if (name === 'metadata.version') level = highest;
  };
  each(unsigned(), () => {
    const tag = unsigned();
    const end = unsigned() + at;
    if (tag === SUPPORTED_FEATURES) each(unsigned() - 1, feature);
    at = end;
  });
  return level;
}
