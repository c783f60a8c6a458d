import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ContradictoryFacts, type Fact, type FactKind, historyOf, isOver } from './order-status.js';

const PLACED_AT = '2026-11-24T12:00:00.000Z';
const at = (second: number): string => `2026-11-24T12:00:0${second}.000Z`;

const booked: Fact[] = [
  { kind: 'approved', occurredAt: at(1), reason: null },
  { kind: 'paid', occurredAt: at(2), reason: null },
  { kind: 'booked', occurredAt: at(3), reason: null },
];
const declined: Fact[] = [
  { kind: 'approved', occurredAt: at(1), reason: null },
  { kind: 'payment_failed', occurredAt: at(2), reason: 'The card has expired.' },
];
const rejected: Fact[] = [{ kind: 'rejected', occurredAt: at(1), reason: 'Sold out.' }];
const cancelled: Fact[] = [
  { kind: 'approved', occurredAt: at(1), reason: null },
  { kind: 'cancelled', occurredAt: at(2), reason: 'Cancelled at your request.' },
];
const refunded: Fact[] = [
  ...booked,
  { kind: 'refunded', occurredAt: at(4), reason: 'The money was returned.' },
];
const paths = { booked, declined, rejected, cancelled, refunded };

const told = (facts: readonly Fact[]) =>
  historyOf(PLACED_AT, facts).map(({ version, status, occurredAt }) => [
    version,
    status,
    occurredAt,
  ]);

describe('an order whose facts come in order', () => {
  test('goes from placed to booked, one version a step', () => {
    expect(told([])).toEqual([[1, 'placed', PLACED_AT]]);
    expect(told(booked)).toEqual([
      [1, 'placed', PLACED_AT],
      [2, 'approved', at(1)],
      [3, 'paid', at(2)],
      [4, 'booked', at(3)],
    ]);
  });

  test('dates no step before the one that it follows, though two clocks may say so', () => {
    const behind: Fact[] = [
      { kind: 'approved', occurredAt: '2026-11-24T11:59:59.997Z', reason: null },
      { kind: 'paid', occurredAt: at(2), reason: null },
      { kind: 'booked', occurredAt: at(1), reason: null },
    ];
    expect(told(behind)).toEqual([
      [1, 'placed', PLACED_AT],
      [2, 'approved', PLACED_AT],
      [3, 'paid', at(2)],
      [4, 'booked', at(2)],
    ]);
  });

  test('keeps the reason why it was not to be', () => {
    expect(historyOf(PLACED_AT, rejected).at(-1)).toMatchObject({
      version: 2,
      status: 'rejected',
      reason: 'Sold out.',
    });
    expect(historyOf(PLACED_AT, declined).at(-1)).toMatchObject({
      version: 3,
      status: 'payment_failed',
      reason: 'The card has expired.',
    });
    expect(historyOf(PLACED_AT, cancelled).at(-1)).toMatchObject({
      version: 3,
      status: 'cancelled',
      reason: 'Cancelled at your request.',
    });
    expect(historyOf(PLACED_AT, refunded).at(-1)).toMatchObject({
      version: 5,
      status: 'refunded',
      reason: 'The money was returned.',
    });
  });
});

describe('an order whose facts come in any order', () => {
  test('a later fact implies the earlier steps, dated by the next one known', () => {
    expect(told(booked.slice(2))).toEqual([
      [1, 'placed', PLACED_AT],
      [2, 'approved', at(3)],
      [3, 'paid', at(3)],
      [4, 'booked', at(3)],
    ]);
    expect(told(declined.slice(1)).map(([, status]) => status)).toEqual([
      'placed',
      'approved',
      'payment_failed',
    ]);
  });

  test('a refund implies that the order was booked, and booked it stays in the history', () => {
    expect(told(refunded.slice(3)).map(([, status]) => status)).toEqual([
      'placed',
      'approved',
      'paid',
      'booked',
      'refunded',
    ]);
  });

  test('booked needs the entry in the ledger: paid is not enough', () => {
    expect(told(booked.slice(0, 2)).at(-1)).toEqual([3, 'paid', at(2)]);
  });

  const path = fc
    .constantFrom(...Object.keys(paths))
    .map((name) => paths[name as keyof typeof paths]);
  /** Every fact at least once, some repeated, shuffled. */
  const arrival = path.chain((facts) =>
    fc
      .array(fc.constantFrom(...facts), { maxLength: 6 })
      .chain((repeats) =>
        fc.shuffledSubarray([...facts, ...repeats], { minLength: facts.length + repeats.length }),
      )
      .map((arrived) => ({ facts, arrived })),
  );

  test('has the same history in the end, whatever the order and the repeats', () => {
    fc.assert(
      fc.property(arrival, ({ facts, arrived }) => {
        expect(historyOf(PLACED_AT, arrived)).toEqual(historyOf(PLACED_AT, facts));
      }),
    );
  });

  test('only ever moves forward: what was told stays, with its version', () => {
    fc.assert(
      fc.property(arrival, ({ arrived }) => {
        let before = historyOf(PLACED_AT, []);
        for (let known = 1; known <= arrived.length; known += 1) {
          const after = historyOf(PLACED_AT, arrived.slice(0, known));
          const kept = after
            .slice(0, before.length)
            .map(({ version, status }) => [version, status]);
          expect(kept).toEqual(before.map(({ version, status }) => [version, status]));
          before = after;
        }
      }),
    );
  });
});

test.each<[FactKind, FactKind]>([
  ['approved', 'rejected'],
  ['paid', 'payment_failed'],
  ['booked', 'rejected'],
  ['booked', 'payment_failed'],
  ['cancelled', 'rejected'],
  ['cancelled', 'payment_failed'],
  ['cancelled', 'paid'],
  ['cancelled', 'booked'],
  ['refunded', 'rejected'],
  ['refunded', 'payment_failed'],
  ['refunded', 'cancelled'],
])('%s and %s exclude each other', (one, other) => {
  const facts = [one, other].map((kind) => ({ kind, occurredAt: at(1), reason: null }));
  expect(() => historyOf(PLACED_AT, facts)).toThrow(ContradictoryFacts);
  expect(() => historyOf(PLACED_AT, facts.toReversed())).toThrow(ContradictoryFacts);
});

test('an order is over when nothing more can become of it; a booked one may be refunded', () => {
  const over = Object.values(paths).map((facts) =>
    isOver(historyOf(PLACED_AT, facts).at(-1)!.status),
  );
  expect(over).toEqual([false, true, true, true, true]);
  expect(isOver('placed')).toBe(false);
  expect(isOver('paid')).toBe(false);
});
