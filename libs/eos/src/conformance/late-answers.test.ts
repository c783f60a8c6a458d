import { BrokerProxy } from '@checkout/local';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import type { Observer } from '../observer.js';
import { runnersOfFile } from '../testing/counting-runner.js';
import { committed, numbered, QUICK, topicsFor, until, type TestTopics } from '../testing/kit.js';

/** What becomes of a commit when the network loses or keeps its question, or its answer. */
vi.setConfig({ testTimeout: 30_000 });
const brokers = inject('brokers');
const runners = runnersOfFile(brokers);
const RECORDS = 8;
let proxy: BrokerProxy;

beforeAll(async () => {
  proxy = await BrokerProxy.before(brokers[0]!);
});
afterAll(() => proxy.close());

const counts = Array.from({ length: RECORDS }, (_, i) => ({ event: String(i), count: i + 1 }));

/** A runner behind the proxy, two records in each of its Kafka transactions. */
async function behindTheProxy(topics: TestTopics, onFatal?: (error: Error) => void) {
  const ends: string[] = [];
  const observer: Observer = {
    took: () => undefined,
    read: () => undefined,
    ended: (_where, _end, outcome) => ends.push(outcome),
  };
  await runners.send(topics, numbered(RECORDS));
  const settings = { ...QUICK, recordsPerTransaction: 2, requestTimeoutMs: 1_000 };
  const runner = await runners.running({
    ...{ topics, internals: { settings }, connection: { brokers: [proxy.address], observer } },
    ...(onFatal && { onFatal }),
  });
  return { ends, runner };
}

const allDone = (topics: TestTopics): Promise<void> =>
  until('all', async () => (await committed(brokers, topics)) === RECORDS);

it('the answer to a commit is lost: what was committed is not decided again', async () => {
  const topics = await topicsFor(brokers);
  let lost = 2;
  proxy.fate = ({ request }) =>
    request === 'EndTxn' && lost-- > 0 ? Promise.resolve('lost') : undefined;
  const { ends } = await behindTheProxy(topics);
  await allDone(topics);
  expect(lost).toBeLessThan(0);
  expect(ends.filter((outcome) => outcome === 'unknown')).toHaveLength(2);
  expect(await runners.values(topics.output)).toEqual(counts);
  expect(await runners.inTheLog(topics.output)).toBe(RECORDS);
});

it('the answer to a commit comes when nobody waits for it: it changes nothing', async () => {
  const topics = await topicsFor(brokers);
  const late = Promise.withResolvers<'passed'>();
  let delayed = 1;
  proxy.fate = ({ request }) => (request === 'EndTxn' && delayed-- > 0 ? late.promise : undefined);
  const { ends } = await behindTheProxy(topics);
  await until('a first outcome', () => ends.length > 0);
  expect(ends[0]).toBe('unknown');
  late.resolve('passed');
  await allDone(topics);
  expect(await runners.values(topics.output)).toEqual(counts);
  expect(await runners.inTheLog(topics.output)).toBe(RECORDS);
});

it('a commit that the network has kept is refused once a successor has the partition', async () => {
  const topics = await topicsFor(brokers);
  proxy.fate = () => undefined;
  const ended: Error[] = [];
  const kept = proxy.at({ request: 'EndTxn', stage: 'asked' }, 20_000, () => proxy.hold());
  const zombie = await behindTheProxy(topics, (error) => ended.push(error));
  expect(await kept).toBe(true);

  await runners.running({ topics });
  await allDone(topics);
  const before = await runners.inTheLog(topics.output);
  proxy.release();
  await until('the replaced process to end', () => ended.length > 0);
  await zombie.runner.stop();
  expect(await runners.values(topics.output)).toEqual(counts);
  expect(await runners.inTheLog(topics.output)).toBe(before);
});
