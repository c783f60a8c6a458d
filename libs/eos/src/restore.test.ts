import type { Admin, Kafka } from 'kafkajs';
import { afterAll, describe, expect, inject, it, vi } from 'vitest';
import { ensureTopics } from './ensure-topics.js';
import { Reader } from './reader.js';
import { store } from './store.js';
import { countingRunners } from './testing/counting-runner.js';
import { beginning, logEndsAt } from './testing/kafka-transaction.js';
import { asking, feeder, kafkaOf, numbered, silent, topicsFor, until } from './testing/kit.js';
import { BugError } from './verdicts.js';

/** What a successor makes of a changelog, as other writers of Kafka transactions have left it. */
vi.setConfig({ testTimeout: 30_000 });
const brokers = inject('brokers');
const runners = countingRunners(brokers);
afterAll(() => runners.stop());

type FetchRecords = Admin['fetchRecords'];

/** Of a runner that has just fenced its predecessor. */
async function restoring(changelog: string, kafka = kafkaOf(brokers)) {
  const totals = store<number>({ name: 'totals', changelog, fedBy: 'in' });
  const reader = new Reader(kafka, new AbortController().signal);
  const stores = await reader.restore([totals], 0).finally(() => reader.close());
  const state = stores.changes();
  return { size: stores.size(), of: (key: string) => state.get(totals, key) };
}

/** A client whose fetches of single partitions go through the test. */
function fetching(through: (fetch: FetchRecords) => FetchRecords): Kafka {
  const kafka = kafkaOf(brokers);
  const makeAdmin = kafka.admin.bind(kafka);
  kafka.admin = (options) => {
    const admin = makeAdmin(options);
    return { ...admin, fetchRecords: through(admin.fetchRecords) };
  };
  return kafka;
}

describe('a restored store', () => {
  it('holds what is committed: nothing aborted, nothing removed, all up to the end', async () => {
    const { changelog } = await topicsFor(brokers);
    const begin = (name: string) => beginning(kafkaOf(brokers), `${changelog}.${name}`);
    const first = await begin('first');
    await first.put(changelog, { a: 1, b: 2, c: 3, d: 4 });
    await first.commit();
    await logEndsAt(brokers, changelog, '5');
    const [lost, alsoLost] = [await begin('lost'), await begin('also-lost')];
    await lost.put(changelog, { a: 100, e: 100 });
    await alsoLost.put(changelog, { b: null, f: 100 });
    await alsoLost.abort();
    await logEndsAt(brokers, changelog, '10');
    await lost.abort();
    await logEndsAt(brokers, changelog, '11');
    const last = await begin('last');
    await last.put(changelog, { c: null, d: 5, never: null });
    await last.commit();
    await logEndsAt(brokers, changelog, '15');

    const { size, of } = await restoring(changelog);
    expect(['a', 'b', 'c', 'd', 'e', 'f', 'never'].map(of)).toEqual([
      ...[1, 2, undefined, 5, undefined, undefined, undefined],
    ]);
    expect(size).toBe(3);
  });

  it('waits for what is still open before the end, and has it once it is committed', async () => {
    const { changelog } = await topicsFor(brokers);
    const open = await beginning(kafkaOf(brokers), `${changelog}.open`);
    await open.put(changelog, { a: 1 });
    let asked = 0;
    let isRestored = false;
    const kafka = fetching((fetch) => (range) => ((asked += 1), fetch(range)));
    const restored = restoring(changelog, kafka).finally(() => (isRestored = true));
    await until('several looks', () => asked > 3);
    expect(isRestored).toBe(false);
    await open.commit();
    expect((await restored).of('a')).toBe(1);
  });

  it('is whole though a new leader shows less than was acknowledged', async () => {
    const { changelog } = await topicsFor(brokers);
    const { send, close } = await feeder(brokers);
    await send(changelog, numbered(10));
    await close();
    let answers = 0;
    const behind: (fetch: FetchRecords) => FetchRecords = (fetch) => async (range) => {
      const answer = await fetch(range);
      const marks = { highWatermark: range.offset, lastStableOffset: range.offset };
      return answers++ > 0 ? answer : { messages: [], nextOffset: range.offset, ...marks };
    };
    expect((await restoring(changelog, fetching(behind))).size).toBe(10);
    expect(answers).toBeGreaterThan(1);
  });

  it('does not begin with what cannot be read: the process ends, and says where', async () => {
    const topics = await topicsFor(brokers);
    const { send, close } = await feeder(brokers);
    await send(topics.changelog, [{ key: 'all', value: 'not JSON' }]);
    await close();
    const fatal: Error[] = [];
    await runners.running({ topics, onFatal: (error) => fatal.push(error) });
    await until('the end', () => fatal.length > 0);
    expect(fatal[0]).toBeInstanceOf(BugError);
    expect(fatal[0]?.message).toMatch(/^store totals: the value of all cannot be restored/);
  });
});

/** As compaction likes it: at once, and with nothing kept for those who read slowly. */
async function compactedSoon(topic: string): Promise<void> {
  const settings = {
    ...{ 'cleanup.policy': 'compact', 'segment.ms': '50', 'delete.retention.ms': '0' },
    ...{ 'min.cleanable.dirty.ratio': '0.01' },
  };
  await ensureTopics({ brokers, topics: [{ name: topic, partitions: 1, settings }], log: silent });
  const BROKERS = 4;
  const configEntries = [{ name: 'log.cleaner.backoff.ms', value: '100' }];
  await asking(brokers, async (admin) => {
    const [one] = (await admin.describeCluster()).brokers;
    const resources = [{ type: BROKERS, name: String(one?.nodeId), configEntries }];
    await admin.alterConfigs({ validateOnly: false, resources });
  });
}

it('a restored store is the same when its log was compacted', async () => {
  const topic = `compacted-${process.hrtime.bigint()}`;
  await compactedSoon(topic);
  const producer = kafkaOf(brokers).producer({ transactionalId: topic, maxInFlightRequests: 1 });
  await producer.connect();
  const expected = new Map<string, number>();
  let written = 0;
  const kept = (): Promise<number> =>
    asking(brokers, async (admin) => {
      const all = { topic, partition: 0, offset: '0', readUncommitted: true };
      return (await admin.fetchRecords(all)).messages.length;
    });
  await until('most of it to be gone', async () => {
    const [round, key] = [written, `k${written % 5}`];
    const open = await producer.transaction();
    const value = round % 7 === 0 ? null : String(round);
    await open.send({ topic, messages: [{ key, value, partition: 0 }] });
    written += 1;
    if (round % 3 === 1) await open.abort();
    else {
      await open.commit();
      if (value === null) expected.delete(key);
      else expected.set(key, round);
    }
    return written > 40 && (await kept()) < written / 2;
  });
  await producer.disconnect();
  const { size, of } = await restoring(topic);
  const keys = ['k0', 'k1', 'k2', 'k3', 'k4'];
  expect(keys.map(of)).toEqual(keys.map((key) => expected.get(key)));
  expect(size).toBe(expected.size);
  expect(size).toBeGreaterThan(2);
});
