import { expect, it } from 'vitest';
import { PartitionStores } from './partition-stores.js';
import { work, type OwnedPartition, type Portion } from './partition-worker.js';
import type { Outcome, Session } from './session.js';

/** A partition without Kafka, which notes what is asked of it and in which order. */
function given(...outcomes: Outcome[]) {
  const asked: string[] = [];
  const nothing = { taken: [], records: [], bytes: 0, parked: [] };
  const stores = new PartitionStores([], 0);
  stores.keep = () => asked.push('keep');
  const session = {
    commit: (_: unknown, end: bigint) => {
      asked.push(`commit ${end}`);
      return Promise.resolve(outcomes.shift());
    },
    close: () => asked.push('close'),
  };
  const noting = <T>(what: string, answer: T): Promise<T> => {
    asked.push(what);
    return Promise.resolve(answer);
  };
  const partition: OwnedPartition = {
    fence: () => noting('fence', session as unknown as Session),
    restore: () => noting('restore', stores),
    committedOffset: () => noting('committed offset', 5n),
    portionsFrom: async function* (position): AsyncGenerator<Portion> {
      yield { ...nothing, changes: stores.changes(), end: position + 1n };
      yield { ...nothing, changes: stores.changes(), end: position + 2n };
    },
    opened: () => undefined,
    ended: () => undefined,
  };
  return { partition, asked };
}

const COMMITTED: Outcome = { kind: 'committed' };
const error = new Error('why');

it('takes the identity first, then restores, and only then asks where to start', async () => {
  const { partition, asked } = given(COMMITTED, COMMITTED);
  expect(await work(partition)).toEqual({ why: 'asked to stop' });
  expect(asked).toEqual([
    'fence',
    'restore',
    'committed offset',
    'commit 6',
    'keep',
    'commit 7',
    'keep',
    'close',
  ]);
});

it.each([
  [{ kind: 'aborted', error }, 'retry from the committed offset'],
  [{ kind: 'unknown', error }, 'outcome unknown: fence again, then look'],
  [{ kind: 'fenced', error }, 'someone else owns it now'],
] satisfies [Outcome, string][])('keeps nothing after %o', async (outcome, why) => {
  const { partition, asked } = given(COMMITTED, outcome);
  expect(await work(partition)).toEqual({ why, error });
  expect(asked.slice(3)).toEqual(['commit 6', 'keep', 'commit 7', 'close']);
});

it('lets go of the identity when it cannot restore', async () => {
  const { partition, asked } = given();
  const unreadable = { ...partition, restore: () => Promise.reject(error) };
  await expect(work(unreadable)).rejects.toBe(error);
  expect(asked).toEqual(['fence', 'close']);
});
