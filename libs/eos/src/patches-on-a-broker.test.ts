import { connect, type Socket } from 'node:net';
import type { ISocketFactory, Kafka } from 'kafkajs';
import * as ours from 'kafkajs';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { isReplaced } from './kafka-errors.js';
import {
  feeder,
  gate,
  membersOf,
  numbered,
  topicsFor,
  until,
  type TestTopics,
} from './testing/kit.js';
import { kafkajsWithout, type Unpatched } from './testing/unpatched.js';

/** The failing cases of those patches that need a broker to be seen. */
vi.setConfig({ testTimeout: 60_000 });
const brokers = inject('brokers');
let withoutNames: Unpatched;
let namelessCommits: Unpatched;
let withoutSharing: Unpatched;
let withoutLong: Unpatched;

beforeAll(() => {
  withoutNames = kafkajsWithout('static-membership');
  namelessCommits = kafkajsWithout('static-membership', 'src/consumer/offsetManager/index.js');
  withoutSharing = kafkajsWithout('partition-fetch', 'src/network/connectionPool.js');
  const decoding = 'src/protocol/requests/fetch/v4/decodeMessages.js';
  withoutLong = kafkajsWithout('compacted-batches', decoding);
});
afterAll(() => {
  const copies = [withoutNames, namelessCommits, withoutSharing, withoutLong];
  copies.forEach((copy) => copy.remove());
});

const SESSION_MS = 4_000;

const clientOf = (kafkajs: typeof ours, more: object = {}): Kafka =>
  new kafkajs.Kafka({ brokers: [...brokers], logLevel: 0, ...more });

/** A member of a group, under the one name that all of them have, and what becomes of it. */
async function member(
  kafkajs: typeof ours,
  { group, input }: TestTopics,
  work: () => Promise<void>,
) {
  const consumer = clientOf(kafkajs).consumer({
    ...{ groupId: group, groupInstanceId: `${group}-0`, sessionTimeout: SESSION_MS },
    ...{ heartbeatInterval: 300, rebalanceTimeout: SESSION_MS, maxWaitTimeInMs: 100 },
  });
  const life = { joins: 0, endedBy: '' };
  consumer.on(consumer.events.GROUP_JOIN, () => (life.joins += 1));
  consumer.on(consumer.events.CRASH, ({ payload: { error } }) => {
    life.endedBy = isReplaced(error) ? 'FENCED_INSTANCE_ID' : error.message;
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [input], fromBeginning: true });
  // Whoever works says no heartbeat, and commits when it is done.
  await consumer.run({ eachBatch: work });
  return { consumer, life };
}

/** A member is busy, and says nothing more, as a killed one does. Another one takes its place. */
async function succeeding(kafkajs: typeof ours) {
  const topics = await topicsFor(brokers);
  const busy = gate();
  const end = gate();
  const older = await member(kafkajs, topics, async () => (busy.open(), await end.opened));
  const feed = await feeder(brokers);
  await feed.send(topics.input, numbered(1));
  await feed.close();
  await busy.opened;

  const from = performance.now();
  const newer = await member(kafkajs, topics, () => Promise.resolve());
  await until('the newer one to join', () => newer.life.joins > 0);
  const waitedMs = performance.now() - from;
  const leave = () => Promise.all([older, newer].map(({ consumer }) => consumer.disconnect()));
  return { topics, older, newer, waitedMs, letGo: () => end.open(), leave };
}

it('a killed worker that comes back takes its place at once, and keeps it', async () => {
  const named = await succeeding(ours);
  expect(named.waitedMs).toBeLessThan(SESSION_MS / 2);
  named.letGo();
  await named.older.consumer.disconnect();
  // The one that was replaced has left meanwhile, and has not taken the other one along.
  expect(await membersOf(brokers, named.topics)).toHaveLength(1);
  await named.newer.consumer.disconnect();
  const published = await succeeding(withoutNames.kafkajs);
  expect(published.waitedMs).toBeGreaterThan(SESSION_MS / 2);
  published.letGo();
  await published.leave();
});

it('a worker that was replaced learns it from its commit, and does not come back', async () => {
  const named = await succeeding(ours);
  named.letGo();
  await until('the older one to end', () => named.older.life.endedBy !== '');
  expect(named.older.life).toEqual({ joins: 1, endedBy: 'FENCED_INSTANCE_ID' });
  expect(named.newer.life).toEqual({ joins: 1, endedBy: '' });
  await named.leave();

  // With nameless commits each takes the other's place, in turn.
  const nameless = await succeeding(namelessCommits.kafkajs);
  nameless.letGo();
  await until('the older one to take its place again', () => nameless.older.life.joins > 1);
  await nameless.leave();
});

/** Sockets that are left open by many first questions at once, after the client has gone. */
async function leftOpen(kafkajs: typeof ours): Promise<number> {
  const opened: Socket[] = [];
  const socketFactory: ISocketFactory = ({ host, port, onConnect }) => {
    const socket = connect({ host, port }, onConnect);
    opened.push(socket);
    return socket;
  };
  const { input } = await topicsFor(brokers);
  const admin = clientOf(kafkajs, { socketFactory }).admin();
  await admin.connect();
  const first = { topic: input, partition: 0, offset: '0', maxWaitTime: 0 };
  await Promise.all(Array.from({ length: 8 }, () => admin.fetchRecords(first)));
  await admin.disconnect();
  await until('those that are closed', () => opened.some(({ closed }) => closed));
  const left = opened.filter(({ destroyed }) => !destroyed);
  left.forEach((socket) => socket.destroy());
  expect(opened.length).toBeGreaterThan(0);
  return left.length;
}

it('first questions side by side share a connection, and none is left open', async () => {
  expect(await leftOpen(ours)).toBe(0);
  expect(await leftOpen(withoutSharing.kafkajs)).toBeGreaterThan(0);
});

it('a batch of 200,000 tiny records, which a broker takes compressed, is read', async () => {
  const LONG = 200_000;
  const { input } = await topicsFor(brokers);
  const producer = clientOf(ours).producer();
  await producer.connect();
  const messages = Array.from({ length: LONG }, () => ({ value: null }));
  await producer.send({ topic: input, messages, compression: ours.CompressionTypes.GZIP });
  await producer.disconnect();

  const read = async (kafkajs: typeof ours): Promise<number> => {
    const admin = clientOf(kafkajs).admin();
    await admin.connect();
    try {
      const from = { topic: input, partition: 0, offset: '0', maxWaitTime: 0 };
      return (await admin.fetchRecords(from)).messages.length;
    } finally {
      await admin.disconnect();
    }
  };
  expect(await read(ours)).toBe(LONG);
  await expect(read(withoutLong.kafkajs)).rejects.toThrow('Maximum call stack size exceeded');
});
