import { BrokerProxy } from '@checkout/local';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { readTopic } from './read-topic.js';
import { startBroker, type TestBroker } from './testing/broker.js';
import {
  feeder,
  numbered,
  topicsFor,
  until,
  valueOf,
  type Feeder,
  type TestTopics,
} from './testing/kit.js';
import { ended, killed, killWorkers, startWorker, told } from './testing/worker-process.js';

/** Seconds on a quiet machine; brokers and workers start again and again. */
const ENDS_WITHIN_MS = 180_000;

/** Real processes, real signals. The judge reads what is committed and counts. */
const KILLS = 8;
const PARTITIONS = 2;

vi.setConfig({ testTimeout: 30_000 });
let broker: TestBroker;
let input: Feeder;

beforeAll(async () => {
  broker = await startBroker();
  input = await feeder(broker.brokers);
}, ENDS_WITHIN_MS);

afterAll(async () => {
  await killWorkers();
  await input.close();
  await broker.stop();
}, 30_000);

interface Counted {
  readonly event: string;
  readonly count: number;
  readonly partition: number;
}

async function outputs(topics: TestTopics): Promise<Counted[]> {
  const records = await readTopic({ brokers: broker.brokers, topic: topics.output });
  return records.map((record) => ({
    ...(valueOf(record) as Counted),
    partition: record.partition,
  }));
}

/** Unique inputs, spread over the partitions, for as long as the test goes on. */
function feeding(topics: TestTopics): { stop(): Promise<number> } {
  let sent = 0;
  let on = true;
  const done = (async () => {
    while (on) {
      const records = numbered(10, sent).map((r, i) => ({ ...r, partition: i % PARTITIONS }));
      await input.send(topics.input, records);
      sent += records.length;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  return {
    stop: async () => {
      on = false;
      await done;
      return sent;
    },
  };
}

/** Each input once, and the count of each partition without a gap or a repeat. */
function judge(counted: readonly Counted[], sent: number): void {
  expect(sent).toBeGreaterThan(0);
  const seen = new Map<string, number>();
  for (const { event } of counted) seen.set(event, (seen.get(event) ?? 0) + 1);
  const duplicated = [...seen.values()].filter((times) => times > 1).length;
  expect({ duplicated, lost: sent - seen.size }).toEqual({ duplicated: 0, lost: 0 });
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const counts = counted.filter((c) => c.partition === partition).map((c) => c.count);
    expect(counts).toEqual(counts.map((_, i) => i + 1));
  }
}

it(
  'killed with -9 again and again: nothing twice, nothing lost',
  async () => {
    const topics = await topicsFor(broker.brokers, { partitions: PARTITIONS });
    const feed = feeding(topics);
    let worker = startWorker({ brokers: broker.brokers, topics });
    for (let kill = 0; kill < KILLS; kill++) {
      const before = (await outputs(topics)).length;
      await until('work between two kills', async () => (await outputs(topics)).length > before);
      await killed(worker);
      worker = startWorker({ brokers: broker.brokers, topics });
    }
    const sent = await feed.stop();
    await until('the rest', async () => (await outputs(topics)).length >= sent);
    await killed(worker);
    judge(await outputs(topics), sent);
  },
  ENDS_WITHIN_MS,
);

it(
  'stalled before its commit, replaced, woken up: the late commit is refused',
  async () => {
    const topics = await topicsFor(broker.brokers, { partitions: PARTITIONS });
    await input.send(topics.input, numbered(10));
    const zombie = startWorker({ brokers: broker.brokers, topics, holdAt: 'before commit' });
    await told(zombie, 'held');
    zombie.kill('SIGSTOP');

    const successor = startWorker({ brokers: broker.brokers, topics });
    await until('the successor', async () => (await outputs(topics)).length >= 10);
    zombie.kill('SIGCONT');
    zombie.send('go on');
    await ended(zombie);
    // Replaced under its own name: whoever restarts it has to wait until it is alone.
    expect(zombie.exitCode).toBe(75);

    await input.send(topics.input, numbered(10, 10));
    await until('what comes after', async () => (await outputs(topics)).length >= 20);
    await killed(successor);
    judge(await outputs(topics), 20);
  },
  ENDS_WITHIN_MS,
);

it(
  'the broker is killed and comes back: work goes on, nothing twice, nothing lost',
  async () => {
    const topics = await topicsFor(broker.brokers, { partitions: PARTITIONS });
    const worker = startWorker({ brokers: broker.brokers, topics });
    await input.send(topics.input, numbered(500));
    await until('some work', async () => (await outputs(topics)).length > 0);
    await broker.kill();
    await input.send(topics.input, numbered(500, 500));
    await until('the rest', async () => (await outputs(topics)).length >= 1_000, 30_000);
    await killed(worker);
    judge(await outputs(topics), 1_000);
  },
  ENDS_WITHIN_MS,
);

it(
  'the broker is killed while it is told to commit, and when it has: nothing twice, nothing lost',
  async () => {
    const topics = await topicsFor(broker.brokers, { partitions: PARTITIONS });
    const proxy = await BrokerProxy.before(broker.brokers[0]!);
    const worker = startWorker({ brokers: [proxy.address], topics });
    let sent = 0;
    for (const stage of ['asked', 'answered'] as const) {
      let back: Promise<void> | undefined;
      const kill = (): void => void (back = broker.kill());
      const wasKilled = proxy.at({ request: 'EndTxn', stage }, 20_000, kill);
      await input.send(topics.input, numbered(100, sent));
      sent += 100;
      expect(await wasKilled).toBe(true);
      await back;
      await until('the rest', async () => (await outputs(topics)).length >= sent, 30_000);
    }
    await killed(worker);
    await proxy.close();
    judge(await outputs(topics), sent);
  },
  ENDS_WITHIN_MS,
);
