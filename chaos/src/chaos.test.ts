import type { Audit } from '@checkout/proof';
import { expect, it } from 'vitest';
import { conclusion } from './chaos.js';
import { kinds, targets } from './schedule.js';
import { Tally } from './tally.js';

const nobody = () => undefined;
const told = { report: nobody, say: nobody };
const options = { seed: 42, seedsSoFar: [7, 42], minutes: 1, perSecond: 8, ...told };

/** Every kind of fault has met an order in every process. */
function everythingStruck(): Tally {
  const tally = new Tally();
  for (const target of targets) {
    for (const kind of kinds) {
      const fault = { kind, target, milliseconds: 1, waits: false };
      tally.add({ fault, inFlight: 1 });
    }
  }
  tally.looked({ customers: 1, judge: 1 });
  return tally;
}

function heldWhile(waitingFor: readonly string[]): Audit {
  const counts = { orders: 7, examined: 70, notObserved: 0, notApplicable: 1 };
  const times = { readMilliseconds: 1, judgeMilliseconds: 1 };
  const rest = { waitedMilliseconds: 120_000, waitingFor };
  return { held: true, ...counts, met: hardships, ...times, rest, invariants: [] };
}

const hardships: Audit['met'] = {
  ...{ unknownAnswers: 1, repeats: 1, furtherAttempts: 1, takeovers: 1, readAgain: 1 },
  ...{ aborts: 1, overlappingAborts: 0 },
};

it('holds when everything struck, the judge found nothing, and nothing moved any more', () => {
  const { held, lines } = conclusion(heldWhile([]), everythingStruck(), options);
  expect(held).toBe(true);
  expect(lines.at(-1)).toMatch(/^EXACTLY-ONCE HELD seed=42 orders=7 kills=\d+ pauses=\d+$/);
});

it('does not hold when something was still on its way, and says what repeats it', () => {
  const busy = heldWhile(['2 webhooks that the gateway has still to deliver']);
  const { held, lines } = conclusion(busy, everythingStruck(), options);
  expect(held).toBe(false);
  expect(lines.at(-2)).toBe('again: npm run chaos -- --seed 7 --seed 42 --minutes 1 --rate 8');
  expect(lines.at(-1)).toBe(
    'NOT AT REST seed=42 after 120000 ms: 2 webhooks that the gateway has still to deliver',
  );
});

it('proves nothing when nobody has written down what clients were told', () => {
  const silent: Audit['invariants'][number] = {
    ...{ id: 'A01', says: '', rule: '', verdict: 'NOT OBSERVED', rows: 0, milliseconds: 0 },
    ...{ counterExamples: [], consequences: [], reason: 'no client kept a history' },
  };
  const verdict = { ...heldWhile([]), invariants: [silent] };
  const { held, lines } = conclusion(verdict, everythingStruck(), options);
  expect(held).toBe(false);
  expect(lines.at(-1)).toBe('VACUOUS seed=42: A01: no client kept a history');
});

it('proves nothing when the faults have hurt nobody', () => {
  const clients = { unknownAnswers: 0, repeats: 0, furtherAttempts: 0 };
  const met = { ...hardships, ...clients, aborts: 0, takeovers: 0, readAgain: 0 };
  const { held, lines } = conclusion({ ...heldWhile([]), met }, everythingStruck(), options);
  expect(held).toBe(false);
  expect(lines.at(-1)).toBe(
    'VACUOUS seed=42: no client was left without an answer; no client sent anything again; ' +
      'no attempt was made after one that had failed; ' +
      'no Kafka transaction was aborted; no partition was taken over; no record was read again',
  );
});
