import { orderPlacedId, topics } from '@checkout/events';
import { describe, expect, it, vi } from 'vitest';
import { stopwatch } from './clock.js';
import type { DataRecord } from './evidence/kafka-log.js';
import type { ConsumeEvent } from './evidence/recordings.js';
import { floors } from './floors.js';
import type { CounterExample } from './invariant.js';
import { a31 } from './invariants/a31-conservation.js';
import { inCausalOrder } from './invariants/all.js';
import { LogView } from './log-view.js';
import { corruptions } from './testing/all-corruptions.js';
import { cleanHistory } from './testing/clean-history.js';
import type { Draft } from './testing/draft.js';
import { historyOf, violated } from './testing/judged.js';
import type { Corruption } from './testing/planting.js';
import { touchedIds } from './testing/touched.js';
import { World } from './testing/simulated-world.js';
import { cutOff } from './testing/unpaid.js';
import { judge } from './verdict.js';

vi.setConfig({ testTimeout: 240_000 });

const CLEAN_HISTORIES = 1_000;
/** Of a history, in orders: one after the other. */
const SIZES = [1, 2, 4, 6, 6, 7, 8, 14];
/** Each corruption is planted into so many histories that have room for it. */
const PLANTED_IN = 2;
const SEEDS_TRIED = 60;

interface Planted {
  readonly draft: Draft;
  /** What was changed: one of these must be named. */
  readonly touched: ReadonlySet<string>;
}

function planted({ plant }: Corruption): Planted[] {
  const found: Planted[] = [];
  for (let seed = 1; seed <= SEEDS_TRIED && found.length < PLANTED_IN; seed++) {
    const draft = historyOf(seed);
    if (!plant(draft)) continue;
    found.push({ draft, touched: touchedIds(historyOf(seed), draft) });
  }
  return found;
}

describe('the judge', () => {
  it('finds nothing in 1,000 clean histories', () => {
    let soldAtFormerPrices = 0;
    let broughtTogether = 0;
    for (let seed = 1; seed <= CLEAN_HISTORIES; seed++) {
      const history = cleanHistory(seed, { orders: SIZES[seed % SIZES.length]! });
      const { lines, products } = history.orders;
      const today = new Map(products.map(({ sku, unitPrice }) => [sku, unitPrice]));
      soldAtFormerPrices += lines.filter((one) => one.unitPrice !== today.get(one.sku)).length;
      const recalled = ({ headers }: DataRecord) => headers['type'] === 'StockRecalled';
      broughtTogether += Number(history.kafka.logs.some((log) => log.records.some(recalled)));
      const verdict = judge(history, stopwatch());
      const found = verdict.invariants.flatMap(({ id, counterExamples }) =>
        counterExamples.map((example) => ({ id, ...example })),
      );
      expect({ seed, found }).toEqual({ seed, found: [] });
    }
    expect(soldAtFormerPrices).toBeGreaterThan(0);
    expect(broughtTogether).toBeGreaterThan(0);
  });

  it.each(corruptions.map((one) => [one.turnsRed, one.name, one] as const))(
    'finds by %s alone: %s',
    (id, _name, one) => {
      const drafts = planted(one);
      expect(drafts).toHaveLength(PLANTED_IN);
      for (const { draft, touched } of drafts) {
        const verdict = judge(draft, stopwatch());
        expect(violated(verdict)).toEqual([id]);
        const examples = verdict.invariants.find((result) => result.id === id)?.counterExamples;
        expect(examples?.length).toBeGreaterThan(0);
        expect(examples?.[0]?.what).not.toBe('');
        const named = (examples ?? []).flatMap(({ orderId, eventId }) => [orderId, eventId]);
        const ids = named.filter((name) => name !== undefined);
        if (ids.length > 0 && touched.size > 0 && !one.isSeenElsewhere) {
          expect(ids.filter((name) => touched.has(name))).not.toEqual([]);
        }
      }
    },
  );
});

describe('the corruptions', () => {
  it('are forty and more, and leave no invariant unchallenged', () => {
    expect(corruptions.length).toBeGreaterThanOrEqual(40);
    const challenged = new Set(corruptions.map(({ turnsRed }) => turnsRed));
    const never = inCausalOrder.map(({ id }) => id).filter((id) => !challenged.has(id));
    // A37 does not apply yet; A31 adds up what others have looked at one by one.
    expect(never.toSorted()).toEqual(['A31', 'A37']);
  });
});

/** A batch of an inbox, in the life that read it: where it ended, and what was read. */
function aBatchOf(draft: Draft) {
  const where = (one: ConsumeEvent) => `${one.group} ${one.topic}-${one.partition}`;
  for (const { events } of draft.recordings.consumed ?? []) {
    for (const [end, again] of events.entries()) {
      if (again.kind !== 'ended' || again.outcome !== 'processed') continue;
      const before = events.slice(0, end).filter((one) => where(one) === where(again));
      const read = before.at(-1);
      if (read?.kind === 'read') return { events, end, again, read };
    }
  }
  throw new Error('no inbox has read anything');
}

describe('a verdict', () => {
  it('is never good over an empty system', () => {
    const verdict = judge(new World(1).evidence(), stopwatch());
    expect(verdict.held).toBe(false);
    expect(violated(verdict)).toEqual(['A33']);
    const [vacuous] = verdict.invariants.filter(({ id }) => id === 'A33');
    const said = vacuous?.counterExamples.map(({ what }) => what);
    expect(said).toContain('there is no order: nothing was judged');
    expect(said).toContain('A15 had no row to look at');
  });

  it('is never good where an invariant about orders has passed some over', () => {
    const lazy = inCausalOrder.map((one) =>
      one.id === 'A15' ? { ...one, judge: () => ({ rows: 1, counterExamples: [] }) } : one,
    );
    const verdict = judge(historyOf(1), stopwatch(), lazy);
    expect(violated(verdict)).toEqual(['A33']);
    const [vacuous] = verdict.invariants.filter(({ id }) => id === 'A33');
    expect(vacuous?.counterExamples[0]?.what).toMatch(/^A15 looked at 1 rows of \d orders$/);
  });

  it('is never good where an invariant has looked at one row of many', () => {
    const draft = historyOf(1);
    for (const { id, everyOrder } of inCausalOrder) {
      const least = floors[id]?.(draft) ?? 0;
      if (everyOrder || least < 2) continue;
      const lazy = inCausalOrder.map((one) =>
        one.id === id ? { ...one, judge: () => ({ rows: 1, counterExamples: [] }) } : one,
      );
      const verdict = judge(draft, stopwatch(), lazy);
      const [vacuous] = verdict.invariants.filter((result) => result.id === 'A33');
      const what = `${id} looked at 1 rows of ${least} that there are`;
      expect(vacuous?.counterExamples).toEqual([{ what }]);
    }
  });

  it('has a floor for each invariant that looks at something', () => {
    const some = inCausalOrder.filter(({ id, everyOrder }) => !everyOrder && !floors[id]);
    expect(some.map(({ id }) => id).toSorted()).toEqual(['A02', 'A03', 'A37']);
  });

  it('counts as not observed what nobody has written down', () => {
    const draft = historyOf(1);
    Object.assign(draft.recordings, { history: null, consumed: null, checkpoint: null });
    const verdict = judge(draft, stopwatch());
    const missing = verdict.invariants.filter((one) => one.verdict === 'NOT OBSERVED');
    expect(missing.map(({ id }) => id)).toEqual(['A01', 'A02', 'A03', 'A09', 'A26']);
    expect(verdict).toMatchObject({ held: true, notObserved: 5, notApplicable: 1 });
  });

  it('counts as not observed what a gateway never told, and not what was lost', () => {
    const draft = historyOf(1);
    draft.payments.webhooks = [];
    const a27 = () => judge(draft, stopwatch()).invariants.find(({ id }) => id === 'A27');
    expect(a27()?.verdict).toBe('VIOLATED');
    for (const event of draft.gateway.events) event.acknowledged = 0;
    expect(a27()?.verdict).toBe('NOT OBSERVED');
    expect(a27()?.reason).toContain('nothing by itself');
  });

  it('takes a batch that was given back and read again for what it is', () => {
    const draft = historyOf(1);
    const { events, end, again, read } = aBatchOf(draft);
    const a09 = () => judge(draft, stopwatch()).invariants.find(({ id }) => id === 'A09');
    events.splice(end, 0, { ...again, outcome: 'again' }, read);
    expect(a09()?.verdict).toBe('HELD');

    events.splice(end, 1);
    expect(a09()?.counterExamples[0]?.what).toContain('went back');
  });

  it('names the cause of what is broken, and keeps the symptoms beside it', () => {
    const draft = historyOf(1);
    const order = draft.orders.orders.find(({ status }) => status === 'booked');
    draft.orders.outbox = draft.orders.outbox.filter(({ id }) => id !== orderPlacedId(order!.id));
    draft.gateway.books.charges = [];
    const verdict = judge(draft, stopwatch());
    const resultOf = (id: string) => verdict.invariants.find((result) => result.id === id);
    const about = ({ orderId }: CounterExample) => orderId === order!.id;
    expect(resultOf('A04')?.counterExamples.filter(about)).toHaveLength(1);
    expect(resultOf('A17')?.counterExamples.filter(about)).toHaveLength(0);
    expect(resultOf('A17')?.consequences.filter(about)).toHaveLength(1);
    expect(resultOf('A17')?.explainedBy).toContain('A04');
  });

  it('adds up all money, also where each order looks right by itself', () => {
    const draft = historyOf(1);
    const charge = draft.gateway.books.charges.find(({ status }) => status === 'succeeded');
    charge!.amount += 1n;
    const evidence = { evidence: draft, log: new LogView(draft.kafka) };
    const finding = a31.judge(evidence, new Set());
    const said = 'rows' in finding ? finding.counterExamples.map(({ what }) => what) : [];
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(/^EUR charged: \d+ are due, \d+ are there$/);
    expect(said[1]).toMatch(/^EUR gateway-receivable by charges: \d+ are due, \d+ are there$/);
  });

  it('adds up each account by itself: tax is no revenue', () => {
    const draft = historyOf(1);
    const charge = draft.ledger.entries.find(({ entry }) => entry.includes('"charge"'));
    const [revenue, tax] = ['sales-revenue', 'vat-payable'];
    charge!.entry = charge!.entry.replace(`"${tax}"`, '"-"').replace(`"${revenue}"`, `"${tax}"`);
    charge!.entry = charge!.entry.replace('"-"', `"${revenue}"`);
    const finding = a31.judge({ evidence: draft, log: new LogView(draft.kafka) }, new Set());
    const said = 'rows' in finding ? finding.counterExamples.map(({ what }) => what) : [];
    expect(said.map((what) => what.split(':')[0]).toSorted()).toEqual([
      'EUR sales-revenue by charges',
      'EUR vat-payable by charges',
    ]);
  });

  it('takes a price that has changed since for what it was', () => {
    const draft = historyOf(1);
    for (const product of draft.orders.products) product.unitPrice += 10n;
    draft.orders.readAt += 60_000;
    expect(violated(judge(draft, stopwatch()))).toEqual([]);
  });

  it('counts as not observed what age has deleted, and misses none of it', () => {
    const draft = historyOf(1);
    cutOff(draft);
    expect(violated(judge(draft, stopwatch()))).toEqual(expect.arrayContaining(['A05', 'A10']));
    draft.orders.readAt += 14 * 24 * 3_600_000;
    const verdict = judge(draft, stopwatch());
    expect(violated(verdict)).toEqual([]);
    const a10 = verdict.invariants.find(({ id }) => id === 'A10');
    expect(a10).toMatchObject({ verdict: 'NOT OBSERVED' });
    expect(a10?.reason).toContain(topics.fraud.name);
  });
});
