import { describe, expect, it } from 'vitest';
import { PartitionStores } from './partition-stores.js';
import { store } from './store.js';
import { storedValue } from './stored-value.js';
import { BugError } from './verdicts.js';

const totals = store<unknown>({ name: 'totals', changelog: 'totals.log', fedBy: 'orders' });
const kept = (value: unknown): unknown => storedValue(value, totals, 'a');

describe('a value that is kept', () => {
  it('cannot be changed in place, neither put nor restored', () => {
    const put = kept({ lines: [{ quantity: 1 }] }) as { lines: { quantity: number }[] };
    const stores = new PartitionStores([totals], 3);
    stores.restore(totals, 'a', Buffer.from('{"lines":[{"quantity":1}]}'));
    for (const value of [put, stores.changes().get(totals, 'a') as typeof put]) {
      expect(() => value.lines.push({ quantity: 2 })).toThrow(TypeError);
      expect(() => (value.lines[0]!.quantity = 2)).toThrow(TypeError);
    }
  });

  it('may leave a field open', () => {
    expect(kept({ reason: undefined })).toEqual({});
    expect(kept(Object.assign(Object.create(null) as object, { a: 1 }))).toEqual({ a: 1 });
  });
});

class Money {
  constructor(readonly amount: number) {}
}
const circle: unknown[] = [];
circle.push(circle);

it.each([
  [{ at: new Date() }, 'a Date'],
  [{ prices: [new Money(1)] }, 'a Money'],
  [new Map(), 'a Map'],
  [{ amount: 1n }, 'a bigint'],
  [[1, undefined], 'a undefined'],
  [{ total: NaN }, 'NaN'],
  [[Infinity], 'Infinity'],
  [{ toJSON: () => 1 }, 'a function'],
  [{ circle }, 'more than 64 levels, or itself'],
])('%o is refused: it would come back as something else', (value, what) => {
  expect(() => kept(value)).toThrow(BugError);
  expect(() => kept(value)).toThrow(`the value of a cannot be kept: it holds ${what}`);
});
