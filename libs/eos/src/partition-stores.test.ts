import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PartitionStores, type Changes } from './partition-stores.js';
import type { Outgoing } from './outgoing.js';
import { store } from './store.js';
import { BugError } from './verdicts.js';

const definition = { name: 'totals', changelog: 'totals.log', fedBy: 'orders' };
const totals = store<unknown>(definition);

function written(changes: Changes): Outgoing[] {
  const records: Outgoing[] = [];
  changes.writeTo((record) => records.push(record));
  return records;
}

it('a value comes back from the changelog as it was put', () => {
  // -0 is drawn, too, which JSON.stringify does not write.
  const values = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)));
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), values, (key, value) => {
      const live = new PartitionStores([totals], 0);
      const changes = live.changes();
      changes.set(totals, key, value);
      live.keep(changes);
      const successor = new PartitionStores([totals], 0);
      for (const record of written(changes)) {
        const { key: stored, value: json } = record;
        successor.restore(totals, String(stored), json === null ? null : Buffer.from(json));
      }
      const [before, after] = [live, successor].map((one) => one.changes().get(totals, key));
      expect(before).toEqual(value);
      expect(after).toEqual(value);
      expect(successor.size()).toBe(1);
    }),
  );
});

it('a store that is defined in two places is one: a put by one is seen by the other', () => {
  const changes = new PartitionStores([totals], 0).changes();
  const again = store<number>(definition);
  changes.set(totals, 'a', 1);
  expect(changes.get(again, 'a')).toBe(1);
  changes.set(again, 'a', 2);
  expect(written(changes).map(({ value }) => value?.toString())).toEqual(['2']);
});

it.each([null, 0, false, ''])('%j, once put, hides the value of before', (nothing) => {
  const stores = new PartitionStores([totals], 0);
  stores.restore(totals, 'a', Buffer.from('"of before"'));
  const changes = stores.changes();
  changes.set(totals, 'a', nothing);
  expect(changes.get(totals, 'a')).toBe(nothing);
});

it('a removed key is not there, kept or not yet, and its changelog record is empty', () => {
  const stores = new PartitionStores([totals], 0);
  stores.restore(totals, 'a', Buffer.from('1'));
  const changes = stores.changes();
  changes.set(totals, 'a', undefined);
  expect(changes.get(totals, 'a')).toBeUndefined();
  expect(written(changes)).toMatchObject([{ key: 'a', value: null }]);
  stores.keep(changes);
  expect(stores.changes().get(totals, 'a')).toBeUndefined();
  expect(stores.size()).toBe(0);
});

it.each([
  ['name', 'others'],
  ['changelog', 'others.log'],
])('a store with another %s was not given to the runner', (what, other) => {
  const changes = new PartitionStores([totals], 0).changes();
  const strange = store<number>({ ...definition, [what]: other });
  expect(() => changes.get(strange, 'a')).toThrow('was not given to the runner');
  expect(() => changes.set(strange, 'a', 1)).toThrow(BugError);
});

it('a key that UTF-8 cannot hold is refused: two of them would be one after a restart', () => {
  const changes = new PartitionStores([totals], 0).changes();
  expect(() => changes.set(totals, 'half of a pair: \ud83d', 1)).toThrow(
    'store totals: a key is not text that UTF-8 can hold',
  );
});

it('a changelog that somebody else has written to is named, with the key', () => {
  const stores = new PartitionStores([totals], 0);
  const restore = () => stores.restore(totals, 'a', Buffer.from('{"half'));
  expect(restore).toThrow(BugError);
  expect(restore).toThrow(/store totals: the value of a cannot be restored: totals.log holds/);
});
