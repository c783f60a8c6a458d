import { expect, inject, it, vi } from 'vitest';
import { beforeItsCommit, runnersOfFile } from './testing/counting-runner.js';
import { committed, gate, numbered, ready, silent, topicsFor, until } from './testing/kit.js';

vi.setConfig({ testTimeout: 30_000 });
const brokers = inject('brokers');
const runners = runnersOfFile(brokers);
const STOPS_WITHIN_MS = 5_000;

/** A runner that holds the outputs and the offset of three records, not committed yet. */
async function holding() {
  const topics = await topicsFor(brokers);
  const { atStep, held, letGo } = beforeItsCommit();
  await runners.send(topics, numbered(3));
  const runner = await runners.running({ topics, internals: { atStep } });
  await held;
  return { topics, runner, letGo };
}

it('a stop lets the Kafka transaction in hand end, and takes up nothing more', async () => {
  const { topics, runner, letGo } = await holding();
  await runners.send(topics, numbered(3, 3));
  const stopped = runner.stop();
  letGo();
  await stopped;
  expect(await committed(brokers, topics)).toBe(3);
  expect(await runners.values(topics.output)).toHaveLength(3);
});

it('a stop gives up what hangs: nothing of it is seen, a successor does it once', async () => {
  const { topics, runner } = await holding();
  const from = performance.now();
  await runner.stop();
  expect(performance.now() - from).toBeLessThan(STOPS_WITHIN_MS);
  expect(await runners.values(topics.output)).toEqual([]);
  expect(await committed(brokers, topics)).toBe(-1);

  await ready(await runners.running({ topics }));
  await until('the outputs', async () => (await runners.values(topics.output)).length === 3);
  expect(await committed(brokers, topics)).toBe(3);
});

it('a stop of what has nothing to do takes no time', async () => {
  const topics = await topicsFor(brokers);
  const runner = await runners.running({ topics });
  await ready(runner);
  const from = performance.now();
  await runner.stop();
  expect(performance.now() - from).toBeLessThan(STOPS_WITHIN_MS / 2);
});

it('a stop of what has not joined yet ends it: nobody waits for its partitions', async () => {
  const topics = await topicsFor(brokers, { partitions: 8 });
  const runner = await runners.running({ topics });
  await runner.stop();
  await ready(await runners.running({ topics, connection: { ordinal: 1 } }));
  await runners.send(topics, numbered(80));
  await until('the outputs', async () => (await runners.values(topics.output)).length === 80);
});

it('a stop in the midst of its joining does so, too', async () => {
  const topics = await topicsFor(brokers, { partitions: 8 });
  const joining = gate();
  const info = (_: object, said: string) => said.endsWith(' is rebalancing') && joining.open();
  const other = { topics, log: { ...silent, info }, connection: { ordinal: 1 } };
  await ready(await runners.running(other));
  const runner = await runners.running({ topics });
  await joining.opened;
  await runner.stop();
  expect(runner.health().detail).toBe(`${topics.group}: joining`);
  await runners.send(topics, numbered(80));
  await until('the outputs', async () => (await runners.values(topics.output)).length === 80);
});
