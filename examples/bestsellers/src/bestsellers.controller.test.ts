import 'reflect-metadata';
import { put, type InputRecord, type State } from '@checkout/eos';
import { stagesOf } from '@checkout/eos-nest';
import { expect, it } from 'vitest';
import { BestsellersController } from './bestsellers.controller.js';
import { COUNT, COUNTS, ORDERS, ownTopics, pieces, SOLD, SPLIT } from './topics.js';

const [split, count] = stagesOf(new BestsellersController());

function record(topic: string, value: string): InputRecord {
  const place = { topic, partition: 0, offset: 7n, timestamp: 0, key: 'espresso-cup' };
  return { ...place, value: Buffer.from(value), headers: {} };
}

it('has two stages, and a topic for whatever they write or park', () => {
  expect([split, count].map((stage) => [stage?.group, stage?.topics])).toEqual([
    [SPLIT, [ORDERS]],
    [COUNT, [SOLD]],
  ]);
  const names = ownTopics.map(({ name }) => name);
  const parked = [`${ORDERS}.${SPLIT}.dlq`, `${SOLD}.${COUNT}.dlq`];
  expect(names).toEqual(expect.arrayContaining([SOLD, COUNTS, pieces.changelog, ...parked]));
});

it('adds what was sold to what was counted, and tells the new count', () => {
  const sold = record(SOLD, '{"sku":"espresso-cup","quantity":3}');
  const known: State = { get: <V>() => 4 as V };
  const decision = count?.decide(count.decode(sold), known, sold);
  expect(decision).toMatchObject([
    put(pieces, 'espresso-cup', 7),
    { kind: 'emit', record: { topic: COUNTS, key: 'espresso-cup' } },
  ]);
});

it.each(['{"sku":"espresso-cup","quantity":0}', '{"sku":"espresso-cup"}', 'no JSON'])(
  'cannot read %s, which is parked',
  (value) => expect(() => count?.decode(record(SOLD, value))).toThrow(),
);
