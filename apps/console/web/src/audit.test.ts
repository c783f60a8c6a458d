import type { Audit, ExaminedInvariant } from '@checkout/api';
import { describe, expect, it } from 'vitest';
import { badgeOf, byUrgency, counted, duration, standingOf } from './audit';

const invariant = (id: string, verdict: ExaminedInvariant['verdict']): ExaminedInvariant => ({
  id,
  verdict,
  says: 'It holds.',
  rule: 'rows > 0',
  rows: 1,
  milliseconds: 1,
  counterExamples: [],
  consequences: [],
});
const judged = (status: Audit['status'], ...invariants: ExaminedInvariant[]): Audit => ({
  status,
  says: '',
  running: false,
  mayRun: true,
  verdict: {
    held: status === 'held',
    orders: 1_128,
    examined: 9,
    notObserved: 0,
    notApplicable: 0,
    met: {
      unknownAnswers: 0,
      furtherAttempts: 0,
      repeats: 0,
      aborts: 0,
      overlappingAborts: 0,
      takeovers: 0,
      readAgain: 0,
    },
    invariants,
    rest: { waitedMilliseconds: 0, waitingFor: [] },
    readMilliseconds: 1,
    judgeMilliseconds: 1,
  },
});
const withoutOrders = (audit: Audit): Audit =>
  audit.verdict ? { ...audit, verdict: { ...audit.verdict, orders: 0 } } : audit;
const unjudged = (status: Audit['status']): Audit => ({
  status,
  says: '',
  running: false,
  mayRun: true,
});

describe('the badge', () => {
  it('says how good it is, and never calls good what is not known to be', () => {
    const good = judged('held', invariant('A01', 'HELD'));
    const bad = judged('violated', invariant('A01', 'VIOLATED'), invariant('A02', 'HELD'));
    expect(badgeOf(good)).toEqual({ state: 'held', text: 'All invariants hold · 1,128 orders' });
    expect(badgeOf(bad)).toEqual({ state: 'violated', text: '1 violated' });
    const busy = judged('held-for-a-moment', invariant('A01', 'HELD'));
    const moment = 'Held, not at rest · 1,128 orders';
    expect(badgeOf(busy)).toEqual({ state: 'unknown', text: moment });
    const none = unjudged('no-verdict');
    expect(badgeOf(none)).toEqual({ state: 'unknown', text: 'No verdict' });
    expect(badgeOf(unjudged('never-run'))).toEqual({ state: 'unknown', text: 'Not audited yet' });
    expect(badgeOf({ ...good, running: true }).state).toBe('running');
    const at = '2026-11-24T12:00:00.000Z';
    for (const audit of [good, bad, busy, none]) {
      expect(badgeOf({ ...audit, finishedAt: at })).toEqual({ ...badgeOf(audit), at });
    }
    for (const audit of [unjudged('held'), judged('violated'), withoutOrders(judged('violated'))]) {
      expect(badgeOf(audit).state).not.toBe('held');
    }
  });
});

it('a shop without an order is neither good nor broken, unless something else is wrong', () => {
  const empty = withoutOrders(judged('violated', invariant('A33', 'VIOLATED')));
  expect(standingOf(empty)).toBe('nothing-yet');
  expect(badgeOf(empty)).toEqual({ state: 'unknown', text: 'Nothing to audit yet' });
  const both = [invariant('A15', 'VIOLATED'), invariant('A33', 'VIOLATED')];
  const robbed = withoutOrders(judged('violated', ...both));
  expect(standingOf(robbed)).toBe('violated');
  expect(badgeOf(robbed)).toEqual({ state: 'violated', text: '2 violated' });
});

describe('the table', () => {
  it('begins with what is broken, then what follows from it, and goes on by number', () => {
    const all = [
      invariant('A03', 'HELD'),
      invariant('A01', 'NOT OBSERVED'),
      invariant('A09', 'VIOLATED'),
      invariant('A04', 'VIOLATED'),
      invariant('A15', 'EXPLAINED'),
    ];
    expect(byUrgency(all).map(({ id }) => id)).toEqual(['A04', 'A09', 'A15', 'A01', 'A03']);
  });

  it('counts and measures in words', () => {
    expect([counted(1, 'row'), counted(0, 'row'), counted(2_000, 'row')]).toEqual([
      '1 row',
      '0 rows',
      '2,000 rows',
    ]);
    expect([duration(0), duration(299), duration(1_250)]).toEqual(['0 ms', '299 ms', '1.3 s']);
  });
});
