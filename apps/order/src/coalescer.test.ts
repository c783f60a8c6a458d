import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Coalescer } from './coalescer.js';

interface Batch {
  readonly items: readonly number[];
  succeed(): Promise<void>;
  fail(error: unknown): Promise<void>;
}

class Refused extends Error {}

/** A coalescer whose batches wait until the test decides what becomes of them. */
function given({ slots = 2, rows = 3, waiting = 100 } = {}) {
  const batches: Batch[] = [];
  const coalescer = new Coalescer<number, string>({
    slots,
    rows,
    waiting,
    sendAll: (items) => {
      const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
      const settled = () => new Promise<void>((done) => setImmediate(done));
      batches.push({
        items,
        succeed: () => (resolve(items.map((item) => `outcome of ${item}`)), settled()),
        fail: (error) => (reject(error), settled()),
      });
      return promise;
    },
    isRefusal: (error) => error instanceof Refused,
  });
  const submit = async (item: number): Promise<string> => {
    try {
      return (await coalescer.submit(item)) ?? 'no room';
    } catch (error) {
      return (error as Error).message;
    }
  };
  return { submit, batches, sent: () => batches.map(({ items }) => items) };
}

describe('what comes one by one', () => {
  test('goes at once, alone, while a slot is free', () => {
    const { submit, sent } = given();
    void submit(1);
    void submit(2);
    expect(sent()).toEqual([[1], [2]]);
  });

  test('gathers while all slots are taken, and goes together when one is free', async () => {
    const { submit, batches, sent } = given();
    for (const item of [1, 2, 3, 4, 5, 6]) void submit(item);
    expect(sent()).toEqual([[1], [2]]);
    await batches[1]?.succeed();
    expect(sent()).toEqual([[1], [2], [3, 4, 5]]);
    await batches[0]?.succeed();
    expect(sent()).toEqual([[1], [2], [3, 4, 5], [6]]);
  });

  test('gets its own outcome', async () => {
    const { submit, batches } = given({ slots: 1 });
    const outcomes = [1, 2, 3].map(submit);
    await batches[0]?.succeed();
    await batches[1]?.succeed();
    expect(await Promise.all(outcomes)).toEqual(['outcome of 1', 'outcome of 2', 'outcome of 3']);
  });

  test('is told at once when too many wait', async () => {
    const { submit, batches } = given({ slots: 1, waiting: 2 });
    const outcomes = [1, 2, 3, 4].map(submit);
    expect(await outcomes[3]).toBe('no room');
    await batches[0]?.succeed();
    await batches[1]?.succeed();
    expect(await Promise.all(outcomes.slice(0, 3))).toHaveLength(3);
    expect(batches.map(({ items }) => items)).toEqual([[1], [2, 3]]);
  });
});

describe('a batch that is refused', () => {
  test('is sent again one by one, in its slot; who is refused alone fails alone', async () => {
    const { submit, batches, sent } = given({ slots: 1 });
    const outcomes = [1, 2, 3, 4, 5].map(submit);
    await batches[0]?.succeed();
    await batches[1]?.fail(new Refused('one of you'));
    await batches[2]?.succeed();
    await batches[3]?.fail(new Refused('you, number 3'));
    await batches[4]?.succeed();
    await batches[5]?.succeed();
    expect(sent()).toEqual([[1], [2, 3, 4], [2], [3], [4], [5]]);
    expect(await Promise.all(outcomes)).toEqual([
      'outcome of 1',
      'outcome of 2',
      'you, number 3',
      'outcome of 4',
      'outcome of 5',
    ]);
  });

  test('for a reason that is not in it fails whole: it may have been carried out', async () => {
    const { submit, batches, sent } = given({ slots: 1 });
    const outcomes = [1, 2, 3].map(submit);
    await batches[0]?.succeed();
    await batches[1]?.fail(new Error('the answer got lost'));
    const lost = 'the answer got lost';
    expect(await Promise.all(outcomes)).toEqual(['outcome of 1', lost, lost]);
    expect(sent()).toEqual([[1], [2, 3]]);
  });
});

test('whatever happens, each item is carried out once and gets its own answer', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('good', 'bad'), { maxLength: 60 }),
      fc.record({ slots: fc.integer({ min: 1, max: 4 }), rows: fc.integer({ min: 1, max: 8 }) }),
      async (kinds, sizes) => {
        const carriedOut: number[] = [];
        let onTheirWay = 0;
        const coalescer = new Coalescer<number, string>({
          ...sizes,
          waiting: 1_000,
          async sendAll(items) {
            onTheirWay += 1;
            expect(onTheirWay).toBeLessThanOrEqual(sizes.slots);
            expect(items.length).toBeLessThanOrEqual(sizes.rows);
            await new Promise<void>((done) => setImmediate(done));
            onTheirWay -= 1;
            if (items.some((item) => kinds[item] === 'bad')) throw new Refused('bad');
            carriedOut.push(...items);
            return items.map((item) => `good ${item}`);
          },
          isRefusal: (error) => error instanceof Refused,
        });
        const answers = await Promise.all(
          kinds.map(async (_, n) => {
            try {
              return await coalescer.submit(n);
            } catch (error) {
              return (error as Error).message;
            }
          }),
        );
        expect(answers).toEqual(kinds.map((kind, n) => (kind === 'good' ? `good ${n}` : 'bad')));
        const good = kinds.flatMap((kind, n) => (kind === 'good' ? [n] : []));
        expect(carriedOut.toSorted((a, b) => a - b)).toEqual(good);
      },
    ),
  );
});
