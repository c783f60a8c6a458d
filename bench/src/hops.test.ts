import { describe, expect, test } from 'vitest';
import {
  ALLOWED_DEVIATION,
  backwards,
  deviation,
  figuresOf,
  HOPS,
  hopsOf,
  type OrderTimes,
  queueOf,
  total,
} from './hops.js';

const times: OrderTimes = {
  accepted: 1_000,
  outboxOrder: 1_022,
  approved: 1_040,
  paymentRow: 1_060,
  outboxPayment: 1_082,
  ledger: 1_087,
  booked: 1_090,
};

describe('the hops of an order', () => {
  test('are the times between its moments, and together its total', () => {
    expect(hopsOf(times)).toEqual([22, 18, 20, 22, 5, 3]);
    expect(total(times)).toBe(90);
    expect(deviation(times)).toBe(0);
  });

  test('name every moment once', () => {
    const moments = HOPS.map(({ to }) => to);
    expect(['accepted', ...moments].sort()).toEqual(Object.keys(times).sort());
  });

  test('that run backwards do not add up', () => {
    const wrong = { ...times, approved: 1_070 };
    expect(hopsOf(wrong)).toEqual([22, 48, 0, 22, 5, 3]);
    expect(deviation(wrong)).toBeGreaterThan(ALLOWED_DEVIATION);
    expect(backwards(wrong)).toBe('orders.approved → charged, payment outbox row: -10.0 ms');
    expect(backwards(times)).toBeUndefined();
  });

  test('still add up when the answer arrives after the record was written', () => {
    const overtaken = { ...times, accepted: 1_030 };
    expect(hopsOf(overtaken)).toEqual([-8, 18, 20, 22, 5, 3]);
    expect(deviation(overtaken)).toBe(0);
    expect(backwards(overtaken)).toBeUndefined();
  });

  test('that are off by a clock tick still do', () => {
    expect(deviation({ ...times, ledger: 1_091 })).toBeLessThan(ALLOWED_DEVIATION);
  });
});

describe('the figures', () => {
  test('are taken over all orders, hop by hop', () => {
    const slow = Object.fromEntries(
      Object.entries(times).map(([name, at]) => [name, name === 'booked' ? at + 100 : at]),
    ) as unknown as OrderTimes;
    const { hops, total: whole } = figuresOf([times, times, slow]);
    expect(hops.map(({ p50 }) => p50)).toEqual([22, 18, 20, 22, 5, 3]);
    expect(hops.at(-1)).toEqual({ title: HOPS.at(-1)?.title, mean: 109 / 3, p50: 3, p99: 103 });
    expect(whole).toMatchObject({ mean: 370 / 3, p50: 90, p99: 190 });
  });

  test('of no orders are an error', () => expect(() => figuresOf([])).toThrow('no values'));
});

describe('a rate', () => {
  const everyTenth = (booked: (accepted: number) => number): OrderTimes[] =>
    Array.from({ length: 100 }, (_, n) => ({
      ...times,
      accepted: n * 100,
      booked: booked(n * 100),
    }));

  test('is held when only the last orders are on their way at the end', () => {
    expect(
      queueOf(
        everyTenth((accepted) => accepted + 250),
        10,
      ),
    ).toBeUndefined();
  });

  test('is not when the queue has grown, however long each one waited', () => {
    expect(
      queueOf(
        everyTenth((accepted) => accepted * 1.5),
        10,
      ),
    ).toBe(33);
  });
});
