import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Kafka, Message } from 'kafkajs';
import { ensureTopics } from './ensure-topics.js';
import { readTopic } from './read-topic.js';
import { startBroker, type TestBroker } from './testing/broker.js';
import { asking, kafkaOf, silent, topicsFor, valueOf } from './testing/kit.js';
import { kafkajsWithTheLeak } from './testing/unpatched.js';

vi.setConfig({ testTimeout: 30_000 });
let broker: TestBroker;
const leaking = kafkajsWithTheLeak();

beforeAll(async () => {
  broker = await startBroker();
}, 60_000);

afterAll(async () => {
  leaking.remove();
  await broker.stop();
}, 30_000);

async function beginning(kafka: Kafka, transactionalId: string) {
  const producer = kafka.producer({ transactionalId, maxInFlightRequests: 1 });
  await producer.connect();
  const open = await producer.transaction();
  return {
    send: async (topic: string, ...values: unknown[]): Promise<void> => {
      const messages: Message[] = values.map((value) => ({
        key: String(value),
        value: JSON.stringify(value),
        partition: 0,
      }));
      await open.send({ topic, messages });
    },
    commit: () => open.commit().finally(() => producer.disconnect()),
    abort: () => open.abort().finally(() => producer.disconnect()),
  };
}

/** The log: a1 b1 a2 | b aborted | a aborted | c1 committed | d1 open. */
async function interleavedAborts(topic: string): Promise<{ end(): Promise<void> }> {
  const kafka = kafkaOf(broker.brokers);
  const begin = (name: string) => beginning(kafka, `${topic}.${name}`);
  const [a, b, c, d] = [await begin('a'), await begin('b'), await begin('c'), await begin('d')];
  await a.send(topic, 'a1');
  await b.send(topic, 'b1');
  await a.send(topic, 'a2');
  await b.abort();
  await logEndsAt(topic, '4');
  await a.abort();
  await logEndsAt(topic, '5');
  await c.send(topic, 'c1');
  await c.commit();
  await d.send(topic, 'd1');
  return { end: d.commit };
}

/** An abort is answered before its marker is written; the leak depends on the markers' order. */
async function logEndsAt(topic: string, end: string): Promise<void> {
  const from = { topic, partition: 0, offset: '0' };
  const high = async () =>
    (await asking(broker.brokers, (admin) => admin.fetchRecords(from))).highWatermark;
  await expect.poll(high, { timeout: 10_000 }).toBe(end);
}

describe('reading what is committed', () => {
  it('withholds interleaved aborts, which the published kafkajs delivers', async () => {
    const { input: topic } = await topicsFor(broker.brokers);
    const open = await interleavedAborts(topic);
    const from = { topic, partition: 0, offset: '0' };

    const patched = await asking(broker.brokers, (admin) => admin.fetchRecords(from));
    const leaky = new leaking.kafkajs.Kafka({ brokers: [...broker.brokers], logLevel: 0 }).admin();
    const unpatched = await leaky.fetchRecords(from);
    await leaky.disconnect();
    await open.end();

    const keys = (fetched: typeof patched) => fetched.messages.map(({ key }) => key?.toString());
    expect(keys(patched)).toEqual(['c1']);
    expect(keys(unpatched)).toContain('a1');
  });

  it('knows where it is between control records, and ends at the last stable offset', async () => {
    const { input: topic } = await topicsFor(broker.brokers);
    const open = await interleavedAborts(topic);
    const from = { topic, partition: 0, offset: '0' };
    const fetched = await asking(broker.brokers, (admin) => admin.fetchRecords(from));
    // Three records, two abort markers, one record, its commit marker; then the open one.
    expect(fetched).toMatchObject({ nextOffset: '7', lastStableOffset: '7', highWatermark: '8' });

    const values = async () =>
      (await readTopic({ brokers: broker.brokers, topic })).map((record) => valueOf(record));
    expect(await values()).toEqual(['c1']);
    await open.end();
    expect(await values()).toEqual(['c1', 'd1']);
  });

  it('starts where it is told', async () => {
    const { input: topic } = await topicsFor(broker.brokers);
    const writer = await beginning(kafkaOf(broker.brokers), `${topic}.writer`);
    await writer.send(topic, 1, 2, 3);
    await writer.commit();
    const records = await readTopic({ brokers: broker.brokers, topic, from: [2n] });
    expect(records.map((record) => record.offset)).toEqual([2n]);
  });
});

describe('topics', () => {
  const spec = { name: 'made', partitions: 3, settings: { 'cleanup.policy': 'compact' } };
  const ensure = (...topics: (typeof spec)[]) =>
    ensureTopics({ brokers: broker.brokers, topics, log: silent });

  it('are created once and verified afterwards', async () => {
    expect(await ensure(spec)).toEqual({ created: ['made'] });
    expect(await ensure(spec, { ...spec, name: 'more' })).toEqual({ created: ['more'] });
    expect(await ensure(spec)).toEqual({ created: [] });
  });

  it('that differ are refused, with every fault', async () => {
    await ensure({ ...spec, name: 'other' });
    const wanted = { name: 'other', partitions: 4, settings: { 'cleanup.policy': 'delete' } };
    await expect(ensure(wanted)).rejects.toThrow(
      'other has 3 partitions, not 4; other has cleanup.policy=compact, not delete',
    );
  });
});
