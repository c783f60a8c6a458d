import { once } from 'node:events';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { ensureTopics } from './ensure-topics.js';
import { Identities } from './identity.js';
import { inboxRunnerWith } from './inbox-runner.js';
import { answeringBroker, releaseAnswer } from './testing/answering-broker.js';
import { countingRunners, type Given } from './testing/counting-runner.js';
import {
  asking,
  committed,
  feeder,
  numbered,
  QUICK,
  ready,
  silent,
  topicsFor,
  until,
  type TestTopics,
} from './testing/kit.js';
import { kafkajsWithout } from './testing/unpatched.js';
import { ended, killWorkers, startWorker } from './testing/worker-process.js';
import { BugError } from './verdicts.js';

vi.setConfig({ testTimeout: 30_000 });
const brokers = inject('brokers');
let runners = countingRunners(brokers);

afterEach(async () => {
  await Promise.all([runners.stop(), killWorkers()]);
  runners = countingRunners(brokers);
});

async function records(topics: TestTopics): Promise<void> {
  const input = await feeder(brokers);
  await input.send(topics.input, numbered(3));
  await input.close();
}

/** Why a runner has ended that was given something to do. */
async function refused(given: Given): Promise<Error> {
  const fatal: Error[] = [];
  await records(given.topics);
  await runners.running({ ...given, onFatal: (error) => fatal.push(error) });
  await until('the refusal', () => fatal.length > 0);
  return fatal[0]!;
}

async function change(topic: string, setting: string): Promise<void> {
  const [name = '', value = ''] = setting.split('=');
  const TOPIC = 2;
  await asking(brokers, (admin) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: TOPIC, name: topic, configEntries: [{ name, value }] }],
    }),
  );
}

describe('a runner refuses topics that it cannot work with, and touches nothing:', () => {
  it.each([
    { which: 'changelog', setting: 'cleanup.policy=delete', fault: 'would forget' },
    { which: 'changelog', setting: 'cleanup.policy=compact,delete', fault: 'would forget' },
    { which: 'changelog', setting: 'max.message.bytes=1000', fault: 'is too small' },
    { which: 'parked', setting: 'max.message.bytes=1000', fault: 'is too small' },
    { which: 'parked', setting: 'max.message.bytes=1048576', fault: 'is too small' },
    { which: 'parked', setting: 'cleanup.policy=compact', fault: 'would forget' },
    { which: 'input', setting: 'compression.type=zstd', fault: 'cannot be read' },
    { which: 'changelog', setting: 'compression.type=lz4', fault: 'cannot be read' },
    {
      which: 'input',
      setting: 'unclean.leader.election.enable=true',
      fault: 'may lose what was acknowledged',
    },
  ] as const)('its $which with $setting', async ({ which, setting, fault }) => {
    const topics = await topicsFor(brokers);
    await change(topics[which], setting);
    const error = await refused({ topics });
    expect(error).toBeInstanceOf(BugError);
    expect(error.message).toContain(`${topics[which]} ${fault}: ${setting}`);
    expect(await committed(brokers, topics)).toBe(-1);
    expect(await runners.inTheLog(topics.output)).toBe(0);
  });

  it('a changelog with other partitions than what feeds it', async () => {
    const topics = await topicsFor(brokers);
    const changelog = `${topics.changelog}.wide`;
    const settings = { 'cleanup.policy': 'compact' };
    const wide = [{ name: changelog, partitions: 2, settings }];
    await ensureTopics({ brokers, log: silent, topics: wide });
    const error = await refused({ topics: { ...topics, changelog } });
    expect(error.message).toContain(`${changelog} has 2 partitions, ${topics.input} has 1`);
  });

  it('the inbox runner too', async () => {
    const topics = await topicsFor(brokers);
    await change(topics.input, 'compression.type=snappy');
    const fatal: Error[] = [];
    const runner = inboxRunnerWith<string>(QUICK, {
      ...{ group: topics.group, topics: [topics.input], log: silent },
      connection: { brokers, clientId: 'test', ordinal: 0 },
      decode: () => '',
      process: () => expect.unreachable(),
      onFatal: (error) => fatal.push(error),
    });
    await runner.start();
    await until('the refusal', () => fatal.length > 0);
    await runner.stop();
    expect(fatal[0]?.message).toContain('cannot be read: compression.type=snappy');
  });
});

it('a runner waits for topics that are still to be made', async () => {
  const topics = await topicsFor(brokers);
  const late = { ...topics, changelog: `${topics.changelog}.late` };
  const warnings: string[] = [];
  const log = { ...silent, warn: (fields: object) => warnings.push(JSON.stringify(fields)) };
  const runner = await runners.running({ topics: late, log });
  await until('it to say so', () => warnings.some((said) => said.includes(late.changelog)));
  expect(runner.health().ready).toBe(false);
  const settings = { 'cleanup.policy': 'compact' };
  const made = [{ name: late.changelog, partitions: 1, settings }];
  await ensureTopics({ brokers, log: silent, topics: made });
  await ready(runner);
});

it('a runner does not go on for ever without its changelog', async () => {
  const topics = await topicsFor(brokers);
  const changelog = `${topics.changelog}.never-made`;
  const settings = {
    ...QUICK,
    ...{ sessionTimeoutMs: 1_000, transactionTimeoutMs: 500, patienceMs: 1_600 },
  };
  const error = await refused({ topics: { ...topics, changelog }, internals: { settings } });
  expect(error.message).toBe(`topics are missing: ${changelog}`);
  expect(await committed(brokers, topics)).toBe(-1);
  expect(await runners.inTheLog(topics.output)).toBe(0);
});

it.each([
  ['name', 'two stores with the name totals'],
  ['changelog', 'two stores with the changelog totals.changelog'],
] as const)('a runner does not start with one %s for two stores', async (same, fault) => {
  const topics = await topicsFor(brokers);
  const names = { name: 'totals', changelog: 'totals.changelog', fedBy: topics.input };
  const others = { name: 'others', changelog: 'others.changelog' };
  const stores = [names, { ...names, ...others, [same]: names[same] }];
  await expect(runners.running({ topics, more: { stores } })).rejects.toThrow(fault);
});

it.each([-1, 0.5, 1_001, Number.NaN])(
  'a runner does not start with a commit interval of %s ms',
  async (commitIntervalMs) => {
    const topics = await topicsFor(brokers);
    const started = runners.running({ topics, more: { commitIntervalMs } });
    await expect(started).rejects.toThrow(
      `commitIntervalMs is ${commitIntervalMs}, expected a whole number from 0 to 1000`,
    );
  },
);

it('a runner refuses a broker that is older than Kafka 4', async () => {
  const old = await answeringBroker(releaseAnswer(21));
  const topics = await topicsFor(brokers);
  const error = await refused({ topics, connection: { brokers: [old.address] } });
  old.close();
  expect(error.message).toContain(`the broker ${old.address} is older than 4.0`);
});

it('a runner does not start under the transactional ids of another one', async () => {
  const topics = await topicsFor(brokers);
  const identities = new Identities({ host: 'test', pid: 1 });
  const first = await runners.running({ topics, internals: { identities } });
  const second = runners.running({ topics, internals: { identities } });
  await expect(second).rejects.toThrow(`would have the transactional ids of ${topics.group}`);
  await first.stop();
  await runners.running({ topics, internals: { identities } });
});

it.each(['autoCommit', 'transactionalId'])('a runner does not start with %s', async (name) => {
  const topics = await topicsFor(brokers);
  const started = runners.running({ topics, more: { [name]: true } });
  await expect(started).rejects.toThrow(`${name} cannot be chosen`);
});

it('a process with an unpatched client ends, and says what mends it', async () => {
  const topics = await topicsFor(brokers);
  const copy = kafkajsWithout('aborted-filter');
  const worker = startWorker({ brokers, topics }, { kafkajs: copy });
  const said: string[] = [];
  worker.stderr?.on('data', (text: Buffer) => said.push(text.toString()));
  await Promise.all([ended(worker), once(worker.stderr!, 'close')]);
  copy.remove();
  expect(worker.exitCode).toBe(1);
  expect(said.join('')).toMatch(
    /kafkajs is not patched[^]*two interleaved aborts[^]*patch-package/,
  );
});
