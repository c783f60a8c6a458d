import { BrokerProxy, JavaWitness } from '@checkout/local';
import { afterAll, beforeAll, expect, inject, it, onTestFinished, vi } from 'vitest';
import { emit, type Decision } from '../decision.js';
import { GUARDS, type Guard } from '../guards-off.js';
import type { InputRecord } from '../record.js';
import type { Step } from '../session.js';
import type { State } from '../store.js';
import { beforeItsCommit, runnersOfFile, type Given } from '../testing/counting-runner.js';
import { beginning, interleavedAborts, logEndsAt } from '../testing/kafka-transaction.js';
import {
  committed,
  kafkaOf,
  numbered,
  output,
  QUICK,
  ready,
  topicsFor,
  until,
  type TestTopics,
} from '../testing/kit.js';
import { judgeEchoes, type Echoes, type Line } from '../testing/storm/echoes.js';
import { kafkajsWithout, type Unpatched } from '../testing/unpatched.js';
import { lineOf, witnessed } from '../testing/witnessed-log.js';
import { ended, killed, killWorkers, startWorker } from '../testing/worker-process.js';

/**
 * The same misfortune twice: with one guard taken away, and with all of them. Without it exactly
 * that goes wrong which it is there for; Kafka's own client judges, or who reads without the patch.
 */
vi.setConfig({ testTimeout: 60_000 });
const brokers = inject('brokers');
const runners = runnersOfFile(brokers);
const java = new JavaWitness(inject('runDir'), brokers);
let published: Unpatched;

beforeAll(() => {
  published = kafkajsWithout('aborted-filter');
});
afterAll(async () => {
  await killWorkers();
  published.remove();
  await java.end();
});

/** Plays it, and returns what became of the records. */
type Misfortune = (guardsOff: readonly Guard[]) => Promise<Echoes>;

/** Says each record once more, under its own key. */
const echo =
  (topics: TestTopics) =>
  (_: string, __: State, record: InputRecord): Decision => [
    emit({ ...output(topics.output, record, ''), value: record.value ?? Buffer.alloc(0) }),
  ];

const running = (topics: TestTopics, guardsOff: readonly Guard[], given: Partial<Given> = {}) =>
  runners.running({
    ...{ topics, stateless: true, decide: echo(topics), ...given },
    internals: { settings: QUICK, ...given.internals, guardsOff },
  });

const dying = { onFatal: () => undefined };
const inTwos = { ...QUICK, recordsPerTransaction: 2 };

const passed = (topics: TestTopics, offset: number): Promise<void> =>
  until(`offset ${offset}`, async () => (await committed(brokers, topics)) === offset);

async function proxied(): Promise<BrokerProxy> {
  const proxy = await BrokerProxy.before(brokers[0]!);
  onTestFinished(() => proxy.close());
  return proxy;
}

/** In what is visible, or in what somebody was given instead. */
async function verdict(topics: TestTopics, given?: readonly Line[]): Promise<Echoes> {
  const [input] = await witnessed(java, topics.input);
  const [outputs] = await witnessed(java, topics.output);
  return judgeEchoes(input!, outputs!, given);
}

/** Its process dies when its first commit is done, and before it knows. */
const diedAfterItsCommit: Misfortune = async (guardsOff) => {
  const topics = await topicsFor(brokers);
  const died = Promise.withResolvers<void>();
  const atStep = async (step: Step): Promise<void> => {
    if (step !== 'committed') return;
    died.resolve();
    await new Promise(() => {});
  };
  await runners.send(topics, numbered(4));
  const internals = { atStep, settings: inTwos };
  await running(topics, guardsOff, { ...dying, internals });
  await died.promise;
  await running(topics, guardsOff);
  await passed(topics, 4);
  return verdict(topics);
};

const abortedOnce: Misfortune = async (guardsOff) => {
  const topics = await topicsFor(brokers);
  let failures = 1;
  const atStep = (step: Step): void => {
    if (step === 'sent' && failures-- > 0) throw new Error('aborted on purpose');
  };
  await runners.send(topics, numbered(6));
  await running(topics, guardsOff, { internals: { atStep, settings: inTwos } });
  await passed(topics, 6);
  return verdict(topics);
};

/** It stalls before its commit, and wakes up when its successor has done all. */
const wokeUpLate: Misfortune = async (guardsOff) => {
  const topics = await topicsFor(brokers);
  const { atStep, held, letGo } = beforeItsCommit();
  await runners.send(topics, numbered(3));
  const zombie = await running(topics, guardsOff, { ...dying, internals: { atStep } });
  await held;
  await ready(await running(topics, guardsOff));
  await passed(topics, 3);
  letGo();
  await zombie.stop();
  await runners.send(topics, numbered(1, 3));
  await passed(topics, 4);
  return verdict(topics);
};

/** Its commit is on the way while its successor takes its place. */
const committedMeanwhile: Misfortune = async (guardsOff) => {
  const topics = await topicsFor(brokers);
  const proxy = await proxied();
  const { atStep, held, letGo } = beforeItsCommit();
  await runners.send(topics, numbered(3));
  await running(topics, guardsOff, { ...dying, internals: { atStep } });
  await held;
  const taking = { request: 'InitProducerId', stage: 'asked' } as const;
  const isTaking = proxy.at(taking, 20_000, () => proxy.hold());
  const successor = await running(topics, guardsOff, { connection: { brokers: [proxy.address] } });
  expect(await isTaking).toBe(true);
  letGo();
  await passed(topics, 3);
  proxy.release();
  await ready(successor);
  await runners.send(topics, numbered(1, 3));
  await passed(topics, 4);
  await successor.stop();
  return verdict(topics);
};

const commitWithoutAnswer: Misfortune = async (guardsOff) => {
  const topics = await topicsFor(brokers);
  const proxy = await proxied();
  let lost = 1;
  proxy.fate = ({ request }) =>
    request === 'EndTxn' && lost-- > 0 ? Promise.resolve('lost') : undefined;
  await runners.send(topics, numbered(4));
  const given = { connection: { brokers: [proxy.address] }, internals: { settings: inTwos } };
  const runner = await running(topics, guardsOff, given);
  await passed(topics, 4);
  expect(lost).toBeLessThan(1);
  await runner.stop();
  return verdict(topics);
};

const rolledBackInput: Misfortune = async (guardsOff) => {
  const topics = await topicsFor(brokers);
  const lost = await beginning(kafkaOf(brokers), `${topics.input}.lost`);
  await lost.send(topics.input, 'ghost');
  await lost.abort();
  await logEndsAt(brokers, topics.input, '2');
  await runners.send(topics, numbered(3));
  await running(topics, guardsOff);
  await passed(topics, 5);
  return verdict(topics);
};

/** Somebody has installed kafkajs anew. Where that is refused, he does what he is told. */
const unpatchedClient: Misfortune = async (guardsOff) => {
  const topics = await topicsFor(brokers);
  await (await interleavedAborts(brokers, topics.input)).end();
  const first = startWorker({ brokers, topics, echoes: true }, { kafkajs: published, guardsOff });
  // The last record of that log, and the marker behind it if that came along.
  const isDone = async (): Promise<boolean> => (await committed(brokers, topics)) >= 8;
  await until('it to be done, or to have refused', async () =>
    first.exitCode === null ? isDone() : true,
  );
  await (first.exitCode === null ? killed(first) : ended(first));
  const second = startWorker({ brokers, topics, echoes: true }, { guardsOff });
  await until('all', isDone);
  await killed(second);
  return verdict(topics);
};

/** A record with the key of a marker, once more after an abort, and a reader without the patch. */
const keyOfAMarker: Misfortune = async (guardsOff) => {
  const topics = await topicsFor(brokers);
  let failures = 1;
  const atStep = (step: Step): void => {
    if (step === 'sent' && failures-- > 0) throw new Error('aborted on purpose');
  };
  const keys = ['a', '\0\0\0\0', 'c'];
  await runners.send(
    topics,
    keys.map((key, i) => ({ key, value: String(i) })),
  );
  const more = { onPark: () => [] };
  await running(topics, guardsOff, { internals: { atStep }, more });
  await passed(topics, 3);
  const parked = (await runners.read(topics.parked)).length;
  const reader = new published.kafkajs.Kafka({ brokers: [...brokers], logLevel: 0 }).admin();
  const from = { topic: topics.output, partition: 0, offset: '0' };
  const { messages } = await reader.fetchRecords(from);
  await reader.disconnect();
  const seen = await verdict(
    topics,
    messages.map((message) => [Number(message.offset), lineOf(message)]),
  );
  return { ...seen, lost: seen.lost - parked };
};

interface Case {
  readonly misfortune: Misfortune;
  readonly fault: Exclude<keyof Echoes, 'records'>;
}
const CASES: Readonly<Record<Guard, Case>> = {
  'one-transaction': { misfortune: diedAfterItsCommit, fault: 'duplicated' },
  'again-after-abort': { misfortune: abortedOnce, fault: 'lost' },
  'one-identity': { misfortune: wokeUpLate, fault: 'duplicated' },
  'identity-before-offset': { misfortune: committedMeanwhile, fault: 'duplicated' },
  'look-after-unknown': { misfortune: commitWithoutAnswer, fault: 'duplicated' },
  'committed-only': { misfortune: rolledBackInput, fault: 'rolledBack' },
  'patched-client': { misfortune: unpatchedClient, fault: 'rolledBack' },
  'plain-keys': { misfortune: keyOfAMarker, fault: 'rolledBack' },
};

it.each(GUARDS.map((guard) => ({ guard, ...CASES[guard] })))(
  'without "$guard" records are $fault, with it nothing is wrong',
  async ({ guard, fault, misfortune }) => {
    const [without, withAll] = await Promise.all([misfortune([guard]), misfortune([])]);
    console.log(`without ${guard}: ${JSON.stringify(without)}; with all: ${withAll.records}`);
    const wrong = { lost: 0, duplicated: 0, outOfOrder: 0, rolledBack: 0, zombies: 0 };
    expect(withAll).toEqual({ ...wrong, records: without.records });
    expect(without[fault]).toBeGreaterThan(0);
    expect({ ...without, [fault]: 0 }).toEqual(withAll);
  },
);
