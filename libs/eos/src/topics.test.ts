import { afterAll, describe, expect, inject, it, vi } from 'vitest';
import type { Message } from 'kafkajs';
import { ensureTopics } from './ensure-topics.js';
import { keyReader, type KeyReader } from './key-reader.js';
import { readTopic } from './read-topic.js';
import { asking, feeder, kafkaOf, silent, topicsFor, valueOf } from './testing/kit.js';
import { beginning, interleavedAborts, logEndsAt } from './testing/kafka-transaction.js';
import { kafkajsWithout } from './testing/unpatched.js';

vi.setConfig({ testTimeout: 30_000 });
const brokers = inject('brokers');
const leaking = kafkajsWithout('aborted-filter');

afterAll(() => leaking.remove());

describe('reading what is committed', () => {
  it('withholds interleaved aborts, which the published kafkajs delivers', async () => {
    const { input: topic } = await topicsFor(brokers);
    const open = await interleavedAborts(brokers, topic);
    const from = { topic, partition: 0, offset: '0' };

    const patched = await asking(brokers, (admin) => admin.fetchRecords(from));
    const leaky = new leaking.kafkajs.Kafka({ brokers: [...brokers], logLevel: 0 }).admin();
    const unpatched = await leaky.fetchRecords(from);
    await leaky.disconnect();
    await open.end();

    const keys = (fetched: typeof patched) => fetched.messages.map(({ key }) => key?.toString());
    expect(keys(patched)).toEqual(['c1']);
    expect(keys(unpatched)).toContain('a1');
  });

  it('knows where it is between control records, and ends at the last stable offset', async () => {
    const { input: topic } = await topicsFor(brokers);
    const open = await interleavedAborts(brokers, topic);
    const from = { topic, partition: 0, offset: '0' };
    const fetched = await asking(brokers, (admin) => admin.fetchRecords(from));
    // Three records, two abort markers, one record, its commit marker; then the open one.
    expect(fetched).toMatchObject({ nextOffset: '7', lastStableOffset: '7', highWatermark: '8' });

    const values = async () =>
      (await readTopic({ brokers, topic })).map((record) => valueOf(record));
    expect(await values()).toEqual(['c1']);
    await open.end();
    expect(await values()).toEqual(['c1', 'd1']);
  });

  it('starts where it is told', async () => {
    const { input: topic } = await topicsFor(brokers);
    const writer = await beginning(kafkaOf(brokers), `${topic}.writer`);
    await writer.send(topic, 1, 2, 3);
    await writer.commit();
    await logEndsAt(brokers, topic, '4');
    const records = await readTopic({ brokers, topic, from: [2n] });
    expect(records.map((record) => record.offset)).toEqual([2n]);
  });
});

describe('reading what one key has', () => {
  const AT = Date.parse('2026-11-24T12:00:00.000Z');
  const written = (key: string, second: number): Message => ({
    key,
    value: `${key} at ${second}`,
    partition: 0,
    timestamp: String(AT + second * 1_000),
  });
  const reading = async <T>(work: (reader: KeyReader) => Promise<T>): Promise<T> => {
    const reader = keyReader({ brokers, clientId: 'looking' });
    return work(reader).finally(() => reader.close());
  };
  const stretch = (topic: string, from: number, until: number) => ({
    ...{ topic, partition: 0, key: 'mine' },
    ...{ fromMs: AT + from * 1_000, untilMs: AT + until * 1_000 },
  });
  const textsOf = (records: readonly { value: Buffer | null }[]) =>
    records.map(({ value }) => value?.toString());

  it('finds its records of that time, in their order, and nobody else’s', async () => {
    const { input: topic } = await topicsFor(brokers);
    const { send, close } = await feeder(brokers);
    const mine = [1, 2, 3, 5, 8].map((second) => written('mine', second));
    const others = [0, 2, 4, 9].map((second) => written('other', second));
    await send(
      topic,
      [...mine, ...others].toSorted((a, b) => Number(a.timestamp) - Number(b.timestamp)),
    );
    await close();
    await reading(async (reader) => {
      const found = await reader.read(stretch(topic, 2, 5));
      expect(textsOf(found)).toEqual(['mine at 2', 'mine at 3', 'mine at 5']);
      expect(found.map(({ timestamp }) => timestamp)).toEqual(
        [2, 3, 5].map((second) => AT + second * 1_000),
      );
      expect(textsOf(await reader.read(stretch(topic, 6, 60)))).toEqual(['mine at 8']);
      expect(await reader.read(stretch(topic, 10, 60))).toEqual([]);
    });
  });

  it('does not find what was never committed', async () => {
    const { input: topic } = await topicsFor(brokers);
    const kafka = kafkaOf(brokers);
    const [lost, kept] = [await beginning(kafka, `${topic}.lost`), await beginning(kafka, topic)];
    await lost.send(topic, 'mine');
    await lost.abort();
    await logEndsAt(brokers, topic, '2');
    await kept.send(topic, 'mine');
    await kept.commit();
    await logEndsAt(brokers, topic, '4');
    const always = { ...stretch(topic, 0, 0), fromMs: 0, untilMs: Number.MAX_SAFE_INTEGER };
    const found = await reading((reader) => reader.read({ ...always, key: 'mine' }));
    expect(found.map(({ offset }) => offset)).toEqual([2n]);
  });

  it('is refused rather than cut short where too much was written at that time', async () => {
    const { input: topic } = await topicsFor(brokers);
    const { send, close } = await feeder(brokers);
    const others = Array.from({ length: 20_000 }, () => written('other', 1));
    await send(topic, [written('mine', 1), ...others]);
    await close();
    const look = (from: number) => reading((reader) => reader.read(stretch(topic, from, 5)));
    await expect(look(1)).rejects.toThrow('more than 20000 records to look at');
    expect(await look(2)).toEqual([]);
  });

  it('refuses a partition that is not there, and goes on answering', async () => {
    const { input: topic } = await topicsFor(brokers);
    await reading(async (reader) => {
      const wrong = { ...stretch(topic, 0, 1), partition: 7 };
      await expect(reader.read(wrong)).rejects.toThrow(`${topic} has no partition 7`);
      expect(await reader.read(stretch(topic, 0, 1))).toEqual([]);
    });
  });
});

describe('topics', () => {
  const spec = { name: 'made', partitions: 3, settings: { 'cleanup.policy': 'compact' } };
  const ensure = (...topics: (typeof spec)[]) => ensureTopics({ brokers, topics, log: silent });

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

  it('that may hold nothing are refused when they do, and only then', async () => {
    const { input } = await topicsFor(brokers);
    const otherwise = 'somebody else writes there';
    const options = { brokers, topics: [spec], log: silent };
    const found = () =>
      ensureTopics({ ...options, empty: { topics: ['no.topic', input], otherwise } });
    await expect(found()).resolves.toHaveProperty('created');

    const { send, close } = await feeder(brokers);
    await send(input, [{ value: 'one' }]);
    await close();
    await expect(found()).rejects.toThrow(`${input} is not empty: ${otherwise}`);
  });
});
