import fc from 'fast-check';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import type { Load } from './patch-check.js';
import { installed, kafkajsWithout } from './testing/unpatched.js';

/** What both patches for speed must not change: bytes on the wire, and records read from them. */
const [encoding, decoding] = [kafkajsWithout('flat-encoding'), kafkajsWithout('flat-decoding')];
afterAll(() => [encoding, decoding].forEach((copy) => copy.remove()));

interface Message {
  readonly key: string | Buffer | null | undefined;
  readonly value: string | Buffer | null | undefined;
  readonly headers: Record<string, string | Buffer | (string | Buffer)[]>;
  readonly timestamp: string;
}
interface Send {
  readonly messages: readonly Message[];
  readonly transactionalId: string | null;
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly firstSequence: number;
}

const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
const content = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), bytes);
const field = fc.oneof({ weight: 4, arbitrary: content }, fc.constantFrom(null, undefined, ''));
const headers = fc.dictionary(
  fc.string({ maxLength: 9 }).map((name) => `h-${name}`),
  fc.oneof(content, fc.array(content, { minLength: 1, maxLength: 3 })),
  { maxKeys: 5 },
);
/** The first one's is the base, so that deltas go both ways and need up to six bytes. */
const timestamp = fc.oneof(
  fc.nat({ max: 2 ** 31 - 1 }).map((ms) => String(1_790_000_000_000 + ms)),
  fc.constantFrom('1', '1790000000000', '1790000000063', '1790000000064'),
);
const messages = fc.array(fc.record({ key: field, value: field, headers, timestamp }), {
  minLength: 1,
  maxLength: 150,
});
const send = fc.record({
  messages,
  transactionalId: fc.constantFrom(null, 'enrichment.split.outbox.order.0'),
  producerId: fc.constantFrom('-1', '0', '4294967296', '9007199254740993'),
  producerEpoch: fc.nat({ max: 32_767 }),
  firstSequence: fc.nat({ max: 2 ** 31 - 1 }),
});

interface Encoded {
  readonly buffer: Buffer;
  writeTo(socket: NodeJS.WritableStream): void;
}
interface Request {
  encode(): Promise<Encoded>;
}

async function encoded(load: Load, drawn: Send): Promise<Buffer> {
  return (await produce(load, drawn).encode()).buffer;
}

/** With what stands before every request. */
async function whole(load: Load, drawn: Send): Promise<Encoded> {
  const about = { correlationId: 7, clientId: 'split-0', request: produce(load, drawn) };
  return (load('kafkajs/src/protocol/request') as (about: object) => Promise<Encoded>)(about);
}

function produce(load: Load, { messages, firstSequence, ...rest }: Send): Request {
  const request = load('kafkajs/src/protocol/requests/produce/v3/request');
  const partitions = [{ partition: 3, messages, firstSequence }];
  const topicData = [{ topic: 'orders', partitions }];
  const about = { acks: -1, timeout: 1_000, ...rest, topicData };
  return (request as (about: object) => Request)(about);
}

describe('a send', () => {
  it('is the same bytes as published, whatever is in it', async () => {
    let records = 0;
    const same = fc.asyncProperty(send, async (drawn) => {
      records += drawn.messages.length;
      expect(await encoded(installed, drawn)).toEqual(await encoded(encoding.load, drawn));
    });
    await fc.assert(same, { numRuns: 300 });
    expect(records).toBeGreaterThan(1_000);
  });

  it('of a megabyte reaches the socket in pieces, which are the bytes as published', async () => {
    const drawn = sendOf(2_000);
    const socket = new PassThrough({ highWaterMark: 2 ** 21 });
    (await whole(installed, drawn)).writeTo(socket);
    expect(socket.writableLength + socket.readableLength).toBeGreaterThan(600_000);
    expect(await buffer(socket.end())).toEqual((await whole(encoding.load, drawn)).buffer);
  });

  it('of 2,000 records is ready at least twice as soon as published', async () => {
    const drawn = sendOf(2_000);
    const took = async (load: Load): Promise<number> => {
      const from = performance.now();
      await encoded(load, drawn);
      return performance.now() - from;
    };
    await expectFaster(2, took, encoding.load);
  });
});

describe('an answer', () => {
  it('is read as published, whole or cut, with any base offset and attributes', async () => {
    const [LOG_APPEND_TIME, CONTROL] = [8, 32];
    const base = fc.constantFrom(0n, 12_345n, 2n ** 53n - 3n, 2n ** 60n);
    const attributes = fc.constantFrom(0, LOG_APPEND_TIME, CONTROL, LOG_APPEND_TIME | CONTROL);
    const cut = fc.oneof(fc.constant(0), fc.nat({ max: 300 }));
    let records = 0;
    const same = fc.asyncProperty(
      send,
      fc.record({ base, attributes, cut }),
      async (drawn, how) => {
        const batch = await batchOf(drawn, how);
        const ours = await read(installed, batch);
        expect(ours).toEqual(await read(decoding.load, batch));
        records += ours.length;
      },
    );
    await fc.assert(same, { numRuns: 300 });
    expect(records).toBeGreaterThan(1_000);
  });

  it('has one value for a header that is called as what every object has', async () => {
    const headers = { constructor: 'a', toString: 'b' };
    const batch = await batchOf({ ...sendOf(1), messages: [messageWith(headers)] });
    const [ours] = await read(installed, batch);
    expect(ours?.headers).toEqual({ constructor: Buffer.from('a'), toString: Buffer.from('b') });
    const [theirs] = await read(decoding.load, batch);
    expect(theirs?.headers['constructor']).toHaveLength(2);
  });

  it('keeps a header that is called __proto__, and nothing inherits from it', async () => {
    const headers = JSON.parse('{"__proto__":"a"}') as Message['headers'];
    const batch = await batchOf({ ...sendOf(1), messages: [messageWith(headers)] });
    const [ours] = await read(installed, batch);
    expect(Object.entries(ours?.headers ?? {})).toEqual([['__proto__', Buffer.from('a')]]);
    expect(Object.getPrototypeOf(ours?.headers)).toBe(Object.prototype);
  });

  it('of 2,000 records is read, with what handlers want, in two thirds of the time', async () => {
    const batch = await batchOf(sendOf(2_000, {}));
    const took = async (load: Load): Promise<number> => {
      const from = performance.now();
      const records = await decoded(load, batch);
      const contents = records.map(({ key, value, headers }) => [key, value, headers]);
      const ms = performance.now() - from;
      expect(contents).toHaveLength(2 * 2_000);
      return ms;
    };
    await expectFaster(1.5, took, decoding.load);
  });
});

/** All that kafkajs gives a record. */
const FIELDS = [
  ...(['magicByte', 'attributes', 'timestamp', 'offset', 'key', 'value'] as const),
  ...(['headers', 'isControlRecord', 'batchContext'] as const),
];
type ReadRecord = Record<(typeof FIELDS)[number], unknown> & {
  readonly headers: Record<string, unknown>;
};

/** As a fetch brings it: the length, a batch, and another one, of which the end may be missing. */
async function batchOf(
  drawn: Send,
  { base = 0n, attributes = 0, cut = 0 }: { base?: bigint; attributes?: number; cut?: number } = {},
): Promise<Buffer> {
  const AHEAD_OF_THE_BATCH = 4 + 4;
  const request = await encoded(encoding.load, { ...drawn, transactionalId: null });
  const topic = Buffer.byteLength('orders');
  const batch = request.subarray(2 + 2 + 4 + 4 + 2 + topic + 4 + AHEAD_OF_THE_BATCH);
  batch.writeBigInt64BE(base, 0);
  batch.writeInt16BE(attributes, 21);
  const whole = Buffer.concat([batch, batch.subarray(0, Math.max(batch.length - cut, 0))]);
  const length = Buffer.alloc(4);
  length.writeInt32BE(whole.length);
  return Buffer.concat([length, whole]);
}

async function read(load: Load, batch: Buffer): Promise<ReadRecord[]> {
  return (await decoded(load, batch)).map((one) => {
    const read = FIELDS.map((field) => [field, one[field]] as const);
    return Object.fromEntries(read) as ReadRecord;
  });
}

async function decoded(load: Load, batch: Buffer): Promise<ReadRecord[]> {
  const Decoder = load('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object;
  const decode = load('kafkajs/src/protocol/requests/fetch/v4/decodeMessages');
  return (decode as (decoder: object) => Promise<ReadRecord[]>)(new Decoder(batch));
}

function messageWith(headers: Message['headers']): Message {
  return { key: 'customer-1', value: Buffer.alloc(300, 'x'), headers, timestamp: '1790000000000' };
}

const HEADERS = { id: 'a', type: 'OrderPlaced', 'causation-id': 'b' };

function sendOf(count: number, headers: Message['headers'] = HEADERS): Send {
  const messages = Array.from({ length: count }, () => messageWith(headers));
  const producer = { producerId: '1', producerEpoch: 0, firstSequence: 0 };
  return { messages, transactionalId: 'a.name', ...producer };
}

/** The best of several tries of each, in turn, so that a busy machine slows both. */
async function expectFaster(
  times: number,
  took: (load: Load) => Promise<number>,
  published: Load,
): Promise<void> {
  const [ours, theirs]: number[][] = [[], []];
  for (let n = 0; n < 40; n += 1) {
    ours?.push(await took(installed));
    theirs?.push(await took(published));
  }
  expect(Math.min(...(theirs ?? []))).toBeGreaterThan(times * Math.min(...(ours ?? [])));
}
