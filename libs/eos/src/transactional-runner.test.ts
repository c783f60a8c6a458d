import { describe, expect, inject, it, vi } from 'vitest';
import { emit, park, skip, type Decision } from './decision.js';
import type { InputRecord } from './record.js';
import type { Step } from './session.js';
import type { State } from './store.js';
import { beforeItsCommit, counting, runnersOfFile, type Given } from './testing/counting-runner.js';
import { committed, gate, numbered, output, ready, topicsFor, until } from './testing/kit.js';

vi.setConfig({ testTimeout: 30_000 });
const brokers = inject('brokers');
const runners = runnersOfFile(brokers);

const running = (given: Given) => runners.running(given);
const read = (topic: string) => runners.read(topic);
const values = (topic: string) => runners.values(topic);
const inTheLog = (topic: string) => runners.inTheLog(topic);

describe('a Kafka transaction', () => {
  it('shows outputs, state and offset together or not at all', async () => {
    const topics = await topicsFor(brokers);
    const { atStep, held, letGo } = beforeItsCommit();
    await runners.send(topics, numbered(3));
    await running({ topics, internals: { atStep } });

    await held;
    expect(await inTheLog(topics.output)).toBe(3);
    expect(await values(topics.output)).toEqual([]);
    expect(await values(topics.changelog)).toEqual([]);
    expect(await committed(brokers, topics)).toBe(-1);

    letGo();
    await until('the output', async () => (await values(topics.output)).length > 0);
    expect(await values(topics.output)).toEqual([
      { event: '0', count: 1 },
      { event: '1', count: 2 },
      { event: '2', count: 3 },
    ]);
    expect(await values(topics.changelog)).toEqual([{ count: 3 }]);
    expect(await committed(brokers, topics)).toBe(3);
  });

  it('failed after its send: its outputs are never read, its puts are forgotten', async () => {
    const topics = await topicsFor(brokers);
    let failures = 2;
    const atStep = (step: Step): void => {
      if (step === 'sent' && failures-- > 0) throw new Error('the connection is gone');
    };
    await runners.send(topics, numbered(2));
    await running({ topics, internals: { atStep } });

    await until('the output', async () => (await values(topics.output)).length > 0);
    expect(await values(topics.output)).toEqual([
      { event: '0', count: 1 },
      { event: '1', count: 2 },
    ]);
    expect(await inTheLog(topics.output)).toBe(6);
  });

  it('moves the offset when there is nothing to say', async () => {
    const topics = await topicsFor(brokers);
    await runners.send(topics, numbered(5));
    await running({ topics, decide: () => skip('not interesting') });
    await until('the offset', async () => (await committed(brokers, topics)) === 5);
    expect(await values(topics.output)).toEqual([]);
  });

  it('carries more output than one send may hold', async () => {
    const topics = await topicsFor(brokers);
    const fat = 'x'.repeat(300_000);
    await runners.send(topics, numbered(10));
    await running({
      topics,
      decide: (event, _, record) => [emit(output(topics.output, record, { event, fat }))],
    });
    await until('the output', async () => (await read(topics.output)).length === 10);
    expect(await committed(brokers, topics)).toBe(10);
  });

  it('splits a long batch, and keeps its order', async () => {
    const topics = await topicsFor(brokers);
    await runners.send(topics, numbered(3_500));
    await running({ topics });
    await until('the output', async () => (await read(topics.output)).length >= 3_500);
    expect(countsOf(await values(topics.output))).toEqual(
      Array.from({ length: 3_500 }, (_, i) => i + 1),
    );
  });
});

const countsOf = (outputs: unknown[]): number[] =>
  outputs.map((value) => (value as { count: number }).count);

/** A worker that has sent outputs and offset of three records, and stands still. */
async function stalledBeforeItsCommit(given: Given) {
  const { atStep, held, letGo } = beforeItsCommit();
  await runners.send(given.topics, numbered(3));
  const internals = { ...given.internals, atStep };
  const zombie = await running({ ...given, internals, onFatal: () => undefined });
  await held;
  const wakeTheZombie = async (): Promise<void> => {
    letGo();
    await zombie.stop();
  };
  return { wakeTheZombie };
}

describe('a successor', () => {
  it('decides what the dead one had sent and not committed, once', async () => {
    const topics = await topicsFor(brokers);
    const dead = gate();
    const fatal: Error[] = [];
    const never = new Promise<void>(() => {});
    const atStep = async (step: Step): Promise<void> => {
      if (step !== 'before commit') return;
      dead.open();
      await never;
    };
    await runners.send(topics, numbered(3));
    await running({ topics, internals: { atStep }, onFatal: (error) => fatal.push(error) });
    await dead.opened;

    await ready(await running({ topics }));
    await until('the output', async () => (await values(topics.output)).length > 0);
    expect(await values(topics.output)).toEqual([
      { event: '0', count: 1 },
      { event: '1', count: 2 },
      { event: '2', count: 3 },
    ]);
    await until('the replaced process to end', () => fatal.length > 0);
  });

  it('has its way when a zombie wakes up and commits late', async () => {
    const topics = await topicsFor(brokers);
    const { wakeTheZombie } = await stalledBeforeItsCommit({ topics });
    await ready(await running({ topics }));
    await until('the successor', async () => (await committed(brokers, topics)) === 3);
    await wakeTheZombie();

    await runners.send(topics, numbered(1, 3));
    await until('the next one', async () => (await values(topics.output)).length > 3);
    expect(countsOf(await values(topics.output))).toEqual([1, 2, 3, 4]);
    expect(await inTheLog(topics.output)).toBe(7);
  });

  it('could not stop the zombie if each process had a transactional id of its own', async () => {
    let processes = 0;
    const internals = { transactionalId: () => `id-of-its-own-${++processes}` };
    // Without a store: restoring one would wait for the zombie's Kafka transaction to time out.
    const decide = (event: string, _: State, record: InputRecord): Decision => [
      emit(output(topics.output, record, event)),
    ];
    const topics = await topicsFor(brokers);
    const { wakeTheZombie } = await stalledBeforeItsCommit({ topics, decide, internals });
    await ready(await running({ topics, decide, internals, stateless: true }));
    await until('the successor', async () => (await committed(brokers, topics)) === 3);
    await wakeTheZombie();

    await until('the outputs', async () => (await values(topics.output)).length > 3);
    expect(await values(topics.output)).toEqual(['0', '1', '2', '0', '1', '2']);
  });

  it('finds the state as it was committed', async () => {
    const topics = await topicsFor(brokers);
    let failures = 1;
    const atStep = (step: Step): void => {
      if (step === 'sent' && failures-- > 0) throw new Error('the connection is gone');
    };
    await runners.send(topics, numbered(4));
    const first = await running({ topics, internals: { atStep } });
    await until('the first four', async () => (await values(topics.output)).length === 4);
    await first.stop();

    await runners.send(topics, numbered(1, 4));
    await running({ topics });
    await until('the fifth', async () => (await values(topics.output)).length === 5);
    expect((await values(topics.output)).at(-1)).toEqual({ event: '4', count: 5 });
  });
});

describe('poison', () => {
  it('is parked in the Kafka transaction that passes it, with what must be said', async () => {
    const topics = await topicsFor(brokers);
    const { atStep, held, letGo } = beforeItsCommit();
    await runners.send(topics, [
      { key: 'a', value: 'unreadable', headers: { id: '7' } },
      { key: 'b', value: 'never' },
      { key: 'c', value: '1' },
    ]);
    const decide = (event: string, state: State, record: InputRecord): Decision =>
      event === 'never'
        ? park('out of range', emit(output(topics.output, record, { sorry: true })))
        : counting(topics)(event, state, record);
    await running({ topics, decide, internals: { atStep } });

    await held;
    expect(await read(topics.parked)).toEqual([]);
    letGo();

    await until('the parked records', async () => (await read(topics.parked)).length === 2);
    const [unreadable, never] = await read(topics.parked);
    expect(unreadable).toMatchObject({
      key: 'a',
      headers: {
        id: '7',
        'dlq-topic': topics.input,
        'dlq-partition': '0',
        'dlq-offset': '0',
        'dlq-group': topics.group,
        'dlq-reason': 'not a number',
      },
    });
    expect(unreadable?.value?.toString()).toBe('unreadable');
    expect(never?.headers['dlq-reason']).toBe('out of range');
    expect(await values(topics.output)).toEqual([
      { parked: 'not a number' },
      { sorry: true },
      { parked: 'out of range' },
      { event: '1', count: 1 },
    ]);
    expect(await committed(brokers, topics)).toBe(3);
  });
});

it('ends the process when a decision throws: it would throw again', async () => {
  const topics = await topicsFor(brokers);
  const fatal: Error[] = [];
  await runners.send(topics, numbered(1));
  await running({
    topics,
    decide: () => {
      throw new TypeError('undefined is not a function');
    },
    onFatal: (error) => fatal.push(error),
  });
  await until('the end', () => fatal.length > 0);
  expect(fatal[0]?.message).toContain(`deciding on ${topics.input}-0@0`);
  expect(await committed(brokers, topics)).toBe(-1);
});
