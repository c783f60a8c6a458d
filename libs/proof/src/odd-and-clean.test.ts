import { topics } from '@checkout/events';
import { describe, expect, it, vi } from 'vitest';
import { stopwatch } from './clock.js';
import type { Draft } from './testing/draft.js';
import { historyOf, violated } from './testing/judged.js';
import { oddities } from './testing/oddities.js';
import { write } from './testing/planting.js';
import { judge } from './verdict.js';

/** Some of it is rare: many histories are drawn before three have room for it. */
vi.setConfig({ testTimeout: 60_000 });

const nothingHeard = { orderId: null, responseHash: null };

function declinedSomewhere(): Draft {
  for (let seed = 1; seed <= 60; seed++) {
    const draft = historyOf(seed);
    if (draft.payments.payments.some(({ state }) => state === 'DECLINED')) return draft;
  }
  throw new Error('no card was ever declined');
}

const PLANTED_IN = 3;
const SEEDS_TRIED = 300;

describe('what looks odd and is right', () => {
  it.each(oddities.map((one) => [one.name, one] as const))('is left alone: %s', (_name, one) => {
    let planted = 0;
    for (let seed = 1; seed <= SEEDS_TRIED && planted < PLANTED_IN; seed++) {
      const draft = historyOf(seed);
      if (!one.plant(draft)) continue;
      planted++;
      expect(violated(judge(draft, stopwatch()))).toEqual([]);
    }
    expect(planted).toBe(PLANTED_IN);
  });

  it.each(['ok', 'fail', 'unknown'] as const)(
    'misses nothing where clients have heard nothing but "%s"',
    (only) => {
      const draft = historyOf(1);
      const said = (draft.recordings.history ?? []).filter(({ result }) => result === 'ok');
      if (only === 'fail') draft.orders.readAt += 72 * 3_600_000;
      const nobodys = { key: 'a key of nobody’s', orderId: null, responseHash: null };
      draft.recordings.history = said.map((one) => {
        if (only === 'ok') return one;
        return { ...one, ...(only === 'fail' ? nobodys : nothingHeard), result: only };
      });
      const verdict = judge(draft, stopwatch());
      expect(violated(verdict)).toEqual([]);
      const heard = { ok: 'A01', fail: 'A02', unknown: 'A03' }[only];
      const missing = verdict.invariants.filter((one) => one.verdict === 'NOT OBSERVED');
      const all = ['A01', 'A02', 'A03'].filter((id) => id !== heard);
      expect(missing.map(({ id }) => id)).toEqual(all);
    },
  );

  it('counts as not observed a recording in which nothing was read', () => {
    const draft = historyOf(1);
    draft.recordings.consumed = [{ incarnation: 'order-0-1', events: [] }];
    const verdict = judge(draft, stopwatch());
    expect(violated(verdict)).toEqual([]);
    const a09 = verdict.invariants.find(({ id }) => id === 'A09');
    expect(a09).toMatchObject({ verdict: 'NOT OBSERVED' });
  });

  it('is not vacuous because every order is named by another invariant', () => {
    const draft = historyOf(1);
    for (const order of draft.orders.orders) order.total += 1n;
    expect(violated(judge(draft, stopwatch()))).toEqual(['A32']);
  });

  it('takes an intent that was cancelled from outside for the end of a declined payment', () => {
    const draft = declinedSomewhere();
    const payment = draft.payments.payments.find(({ state }) => state === 'DECLINED')!;
    const { orderId, intentId } = payment;
    const { gateway, payments } = draft;
    const isOther = (row: { readonly orderId: string | null }) => row.orderId !== orderId;
    gateway.books.charges = gateway.books.charges.filter(isOther);
    gateway.events = gateway.events.filter(isOther);
    payments.webhooks = payments.webhooks.filter(isOther);
    gateway.intents.find(({ id }) => id === intentId)!.status = 'canceled';
    const event = { id: 'evt_outside', type: 'payment_intent.canceled', orderId, intentId };
    gateway.events.push({ ...event, acknowledged: 1 });
    payments.webhooks.push({ ...event, outcome: 'looked-at', repeats: 0 });
    expect(violated(judge(draft, stopwatch()))).toEqual([]);
  });

  it('misses no key that was forgotten after three days', () => {
    const draft = historyOf(1);
    draft.orders.keys = [];
    draft.recordings.history = null;
    expect(violated(judge(draft, stopwatch()))).toContain('A04');
    draft.orders.readAt += 72 * 3_600_000;
    expect(violated(judge(draft, stopwatch()))).toEqual([]);
  });

  it('takes a record that each of its readers has parked for what was planted', () => {
    const draft = historyOf(1);
    const topic = topics.ordersApproved.name;
    const broken = { topic, partition: 0, key: 'x', value: 'not JSON', headers: {} };
    const { partition, offset } = write(draft, broken);
    const parked = { topic, partition, offset, eventId: 'x', reason: 'no JSON' };
    draft.recordings.planted.push({ topic, partition, offset });
    draft.payments.parked.push({ group: 'payment.charge', ...parked });
    draft.orders.parked.push({ group: 'order.status', ...parked });
    expect(violated(judge(draft, stopwatch()))).toEqual([]);
  });
});
