import fc from 'fast-check';
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

  it('is what JSON gives back, whatever it is; or it is refused', () => {
    const counts = { kept: 0, refused: 0 };
    const odd = { withBigInt: true, withDate: true, withMap: true, withSet: true };
    const any = fc.anything({ ...odd, withSparseArray: true, withTypedArray: true });
    const same = fc.property(fc.oneof(any, fc.jsonValue()), (value) => {
      let put: unknown;
      try {
        put = kept(value);
      } catch (error) {
        expect(error).toBeInstanceOf(BugError);
        counts.refused += 1;
        return;
      }
      expect(JSON.parse(JSON.stringify(put))).toEqual(value);
      counts.kept += 1;
    });
    fc.assert(same, { numRuns: 3_000 });
    expect(counts.kept).toBeGreaterThan(500);
    expect(counts.refused).toBeGreaterThan(500);
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
class Basket extends Array<number> {}
const hidden = (value: object, key: PropertyKey, field: unknown): object =>
  Object.defineProperty(value, key, { value: field });

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
  [-0, '-0'],
  [{ lines: [{ balance: -0 }] }, '-0'],
  ['abc'.match(/b/), 'a list with a field, groups'],
  [Object.assign([1], { [Symbol('unit')]: 'EUR' }), 'a list with a field, Symbol(unit)'],
  [hidden([1], 'toJSON', () => 1), 'a list with a field, toJSON'],
  [[1, , 2], 'a undefined'],
  [Object.assign([1, , 3], { a: 2 }), 'a undefined'],
  [new Basket(1, 2), 'a Basket'],
  [hidden({ a: 1 }, 'toJSON', () => 1), 'a hidden field, toJSON'],
  [{ one: hidden({ a: 1 }, 'b', 2) }, 'a hidden field, b'],
  [{ [Symbol('unit')]: 'EUR' }, 'a hidden field, Symbol(unit)'],
  [
    {
      get total() {
        return 1;
      },
    },
    'a computed field, total',
  ],
  [Object.create(Object.create(null) as object), 'a thing without a class'],
])('%o is refused: it would come back as something else', (value, what) => {
  expect(() => kept(value)).toThrow(BugError);
  expect(() => kept(value)).toThrow(`the value of a cannot be kept: it holds ${what}`);
});
