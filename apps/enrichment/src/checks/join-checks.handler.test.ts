import type { OutputRecord } from '@checkout/eos';
import { eventId, orderPlacedId, type Payload } from '@checkout/events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CUSTOMER, event, numbered, order, PLACED_AT } from '../testing/given.js';
import { MemoryState } from '../testing/pipeline.js';
import { joinChecks } from './join-checks.handler.js';
import { checks, type CheckFact } from './order-checks.js';

const orderId = numbered(1);
const placed = order({
  orderId,
  lines: [
    { sku: 'espresso-cup', quantity: 2 },
    { sku: 'tea-pot', quantity: 4 },
  ],
});
const DECLINED_AT = '2026-11-23T12:00:09.000Z';

function lineOf(lineNumber: number): Payload<'StockReserved'> {
  const { sku, quantity } = placed.lines[lineNumber - 1] as (typeof placed.lines)[number];
  return { orderId, lineNumber, sku, bucket: `${sku}/0`, quantity, occurredAt: PLACED_AT };
}

const opened = event('OrderOpened', placed);
const reserved = (n: number) => event('StockReserved', lineOf(n));
const refused = (n: number, available = 0) => event('StockRefused', { ...lineOf(n), available });
const cleared = event('FraudCleared', { orderId, ordersInWindow: 3, occurredAt: PLACED_AT });
const suspicious = event('FraudRefused', {
  orderId,
  ordersInWindow: 21,
  reason: 'too-many-orders',
  occurredAt: PLACED_AT,
});
const failed = event('CheckFailed', {
  orderId,
  stage: 'fraud',
  reason: 'the value is not JSON',
  occurredAt: PLACED_AT,
});
const OVERDUE_AT = '2026-11-23T12:01:00.000Z';
const overdue = event('CheckFailed', {
  orderId,
  stage: 'watchdog',
  reason: 'not decided in time',
  occurredAt: OVERDUE_AT,
});
const ended = (outcome: Payload<'PaymentClosed'>['outcome']) =>
  event('PaymentClosed', { orderId, outcome, occurredAt: DECLINED_AT });
const closed = ended('declined');

function join(facts: readonly CheckFact[], state = new MemoryState()): OutputRecord[] {
  return facts.flatMap((fact) => state.apply(joinChecks(fact, state)));
}

/** One word a record: `approved`, `rejected (texts)`, `release 2`. */
function told(records: readonly OutputRecord[]): string[] {
  return records.map(({ headers, value }) => {
    const payload = JSON.parse(value.toString()) as Record<string, unknown>;
    if (headers['type'] === 'OrderApproved') return 'approved';
    if (headers['type'] === 'StockReleaseRequested') return `release ${payload['lineNumber']}`;
    const reasons = payload['reasons'] as { text: string }[];
    return `rejected (${reasons.map((reason) => reason.text).join('; ')})`;
  });
}

const TOO_LATE = 'rejected (The order could not be checked in time; nothing was charged.)';
const UNCHECKED = 'rejected (The order could not be checked; nothing was charged.)';

const cases: { title: string; facts: CheckFact[]; told: string[] }[] = [
  {
    title: 'nothing is decided while an answer is missing',
    facts: [opened, reserved(1), cleared],
    told: [],
  },
  {
    title: 'all answers are yes: approved',
    facts: [opened, reserved(1), cleared, reserved(2)],
    told: ['approved'],
  },
  {
    title: 'a line is refused: rejected, the other line is released',
    facts: [opened, refused(1), cleared, reserved(2)],
    told: ['rejected (Espresso cup is out of stock.)', 'release 2'],
  },
  {
    title: 'the customer reads every reason, in one order',
    facts: [opened, suspicious, refused(2, 3), refused(1)],
    told: [
      'rejected (Espresso cup is out of stock.; Tea pot: you asked for 4, 3 are left.; ' +
        'Too many orders in a short time. Wait a minute, then order again.)',
    ],
  },
  {
    title: 'who asked for more than there is reads how many that was, and how many are left',
    facts: [opened, refused(1, 1), cleared, reserved(2)],
    told: ['rejected (Espresso cup: you asked for 2, 1 is left.)', 'release 2'],
  },
  {
    title: 'a declined payment releases the lines of an approved order, each once',
    facts: [opened, reserved(1), reserved(2), cleared, closed, closed, reserved(1)],
    told: ['approved', 'release 1', 'release 2'],
  },
  {
    title: 'a check failed: rejected at once, lines are released as they become known',
    facts: [opened, reserved(2), failed, reserved(1), cleared, reserved(1)],
    told: [UNCHECKED, 'release 2', 'release 1'],
  },
  {
    title: 'the order itself was unreadable: rejected all the same',
    facts: [failed, opened, reserved(1)],
    told: [UNCHECKED, 'release 1'],
  },
  {
    title: 'a cancelled payment releases the lines, each once',
    facts: [opened, reserved(1), reserved(2), cleared, ended('cancelled'), ended('cancelled')],
    told: ['approved', 'release 1', 'release 2'],
  },
  {
    title: 'so does a refunded one, and no second end releases them again',
    facts: [opened, reserved(1), reserved(2), cleared, ended('refunded'), ended('cancelled')],
    told: ['approved', 'release 1', 'release 2'],
  },
  {
    title: 'time is up: rejected in words of its own, lines are released as they become known',
    facts: [opened, reserved(2), overdue, reserved(1), cleared, overdue],
    told: [TOO_LATE, 'release 2', 'release 1'],
  },
  {
    title: 'time is up before the order is known: rejected all the same',
    facts: [overdue, opened, reserved(1), cleared, reserved(2)],
    told: [TOO_LATE, 'release 1', 'release 2'],
  },
  {
    title: 'a time-out is never too early: an order approved a moment before stays approved',
    facts: [opened, reserved(1), reserved(2), cleared, overdue],
    told: ['approved'],
  },
  {
    title: 'nor does it touch an order that was rejected for another reason',
    facts: [opened, refused(1), cleared, reserved(2), overdue],
    told: ['rejected (Espresso cup is out of stock.)', 'release 2'],
  },
  {
    title: 'a check that fails after the decision changes nothing',
    facts: [opened, reserved(1), reserved(2), cleared, failed],
    told: ['approved'],
  },
];

/** Some of the facts twice, and all in any order. */
const shuffled = (set: CheckFact[]) =>
  fc
    .array(fc.constantFrom(...set), { maxLength: 8 })
    .chain((repeats) =>
      fc.shuffledSubarray([...set, ...repeats], { minLength: set.length + repeats.length }),
    );

describe('join checks', () => {
  it.each(cases)('$title', ({ facts, told: expected }) => {
    expect(told(join(facts))).toEqual(expected);
  });

  it('approves with the order as placed and the verdict it rests on', () => {
    const [approved] = join([reserved(1), reserved(2), cleared, opened]);
    expect(approved).toMatchObject({ topic: 'orders.approved', key: orderId });
    expect(JSON.parse(String(approved?.value))).toEqual({
      ...placed,
      fraud: { ordersInWindow: 3 },
    });
  });

  it('rejects by name of the customer, or without when the order was unreadable', () => {
    const customerOf = (facts: CheckFact[]) =>
      (JSON.parse(String(join(facts)[0]?.value)) as Payload<'OrderRejected'>).customerId;
    expect(customerOf([opened, failed])).toBe(CUSTOMER);
    expect(customerOf([failed])).toBeUndefined();
  });

  it('dates a time-out by itself, and everything else by the order', () => {
    const dated = (facts: CheckFact[]) =>
      (JSON.parse(String(join(facts)[0]?.value)) as Payload<'OrderRejected'>).occurredAt;
    expect(dated([opened, overdue])).toBe(OVERDUE_AT);
    expect(dated([opened, failed])).toBe(PLACED_AT);
  });

  it('says the same, byte for byte, in any order of arrival and with any repeats', () => {
    const sets: CheckFact[][] = [
      [opened, reserved(1), reserved(2), cleared, closed],
      [opened, reserved(1), refused(2), cleared],
      [opened, refused(1), refused(2), suspicious],
    ];
    const arrival = (set: CheckFact[]) => shuffled(set).map((facts) => ({ set, facts }));
    const bytes = (records: readonly OutputRecord[]) =>
      records.map((r) => `${r.topic} ${r.headers['id']} ${r.value.toString()}`).sort();

    fc.assert(
      fc.property(fc.constantFrom(...sets).chain(arrival), ({ set, facts }) => {
        expect(bytes(join(facts))).toEqual(bytes(join(set)));
      }),
      { numRuns: 300 },
    );
  });

  it('names the placed order as the cause of what it says', () => {
    const records = join([opened, reserved(1), reserved(2), cleared, closed]);
    const cause = orderPlacedId(orderId);
    expect(records.map((record) => record.headers['id'])).toEqual([
      eventId(cause, 'OrderApproved'),
      eventId(cause, 'StockReleaseRequested', '1'),
      eventId(cause, 'StockReleaseRequested', '2'),
    ]);
    expect(new Set(records.map((r) => r.headers['causation-id']))).toEqual(new Set([cause]));
  });

  it('keeps a small row of an order that is over, and lets no repeat make it grow', () => {
    const state = new MemoryState();
    join([opened, refused(1), reserved(2), cleared], state);
    join([opened, refused(1), reserved(2), cleared, failed], state);
    expect(state.get(checks, orderId)).toEqual({
      decided: 'rejected',
      decidedAt: PLACED_AT,
      held: {},
      released: [2],
    });
  });
});
