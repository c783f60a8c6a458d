import { connect, type Socket } from 'node:net';
import type { ConsumerConfig, ISocketFactory, Kafka } from 'kafkajs';
import * as ours from 'kafkajs';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { asking, feeder, gate, numbered, topicsFor, until } from './testing/kit.js';
import { kafkajsWithout, type Unpatched } from './testing/unpatched.js';

/** The failing cases of those patches that need a broker to be seen. */
vi.setConfig({ testTimeout: 60_000 });
const brokers = inject('brokers');
let withoutNames: Unpatched;
let withoutSharing: Unpatched;

beforeAll(() => {
  withoutNames = kafkajsWithout('static-membership');
  withoutSharing = kafkajsWithout('partition-fetch', 'src/network/connectionPool.js');
});
afterAll(() => [withoutNames, withoutSharing].forEach((copy) => copy.remove()));

const SESSION_MS = 4_000;

const clientOf = (kafkajs: typeof ours, more: object = {}): Kafka =>
  new kafkajs.Kafka({ brokers: [...brokers], logLevel: 0, ...more });

/** A member that says nothing more, as a killed one does; and how long its successor waits. */
async function succeeding(kafkajs: typeof ours) {
  const { group, input } = await topicsFor(brokers);
  const settings: ConsumerConfig = {
    ...{ groupId: group, groupInstanceId: `${group}-0`, sessionTimeout: SESSION_MS },
    ...{ heartbeatInterval: 300, rebalanceTimeout: SESSION_MS, maxWaitTimeInMs: 100 },
  };
  const dead = clientOf(kafkajs).consumer(settings);
  const busy = gate();
  const end = gate();
  await dead.connect();
  await dead.subscribe({ topics: [input], fromBeginning: true });
  // The engine commits by itself; a commit of kafkajs names no instance, and it would join again.
  await dead.run({ autoCommit: false, eachBatch: async () => (busy.open(), await end.opened) });
  const feed = await feeder(brokers);
  await feed.send(input, numbered(1));
  await feed.close();
  await busy.opened;

  const successor = clientOf(kafkajs).consumer(settings);
  let joined = false;
  successor.on(successor.events.GROUP_JOIN, () => (joined = true));
  await successor.connect();
  await successor.subscribe({ topics: [input], fromBeginning: true });
  const from = performance.now();
  await successor.run({ eachBatch: () => Promise.resolve() });
  await until('the successor to join', () => joined);
  const waitedMs = performance.now() - from;

  end.open();
  await dead.disconnect();
  const members = await asking(brokers, async (admin) => {
    const { groups } = await admin.describeGroups([group]);
    return groups[0]?.members.length;
  });
  await successor.disconnect();
  return { waitedMs, members };
}

it('a killed worker that comes back takes its place at once, and keeps it', async () => {
  const named = await succeeding(ours);
  expect(named.waitedMs).toBeLessThan(SESSION_MS / 2);
  // The one that was replaced has left meanwhile, and has not taken the other one along.
  expect(named.members).toBe(1);
  const published = await succeeding(withoutNames.kafkajs);
  expect(published.waitedMs).toBeGreaterThan(SESSION_MS / 2);
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
