import type { Case } from './case.js';
import type { Evidence } from './evidence/evidence.js';
import type { CounterExample, Invariant } from './invariant.js';
import { floors } from './floors.js';
import { inCausalOrder } from './invariants/all.js';
import { LogView } from './log-view.js';
import { metBy, type Met } from './met.js';

/**
 * The judgement: every invariant, and one word for the whole.
 *
 * An order that is broken breaks many things at once: a lost event leaves the order unpaid, the
 * books short and the stock held. So the invariants are asked in causal order, and an order is held
 * against the first one that names it; what later ones say about the same order is kept beside them
 * as a consequence, with the name of that first one. One that has found nothing else does not hold,
 * and is no cause: it is explained. Nothing is hidden, and the verdict names the cause.
 *
 * A judge that looked at nothing has proved nothing: an invariant without a row to examine is not
 * held, and A33 says so.
 */
export interface InvariantResult {
  readonly id: string;
  readonly says: string;
  readonly rule: string;
  readonly verdict: 'HELD' | 'VIOLATED' | 'EXPLAINED' | 'NOT OBSERVED' | 'NOT APPLICABLE';
  readonly rows: number;
  readonly milliseconds: number;
  readonly counterExamples: readonly CounterExample[];
  /** About orders that another invariant is violated by already. */
  readonly consequences: readonly CounterExample[];
  /** Which these are, where there are consequences. */
  readonly explainedBy?: readonly string[];
  /** Why it was not observed or does not apply. */
  readonly reason?: string;
  /** How many of the rows are what others have written down. */
  readonly recorded?: number;
  /** Held without what nobody has written down: what was left out, and why. */
  readonly without?: string;
}

export interface Verdict {
  readonly held: boolean;
  readonly orders: number;
  readonly examined: number;
  readonly notObserved: number;
  readonly notApplicable: number;
  readonly met: Met;
  readonly invariants: readonly InvariantResult[];
}

/** Their ids, the cause before the symptom. */
export const causes: readonly string[] = [...inCausalOrder.map(({ id }) => id), 'A33'];

export type Stopwatch = () => number;

export function judge(
  evidence: Evidence,
  now: Stopwatch,
  asked: readonly Invariant[] = inCausalOrder,
): Verdict {
  const evidenceCase: Case = { evidence, log: new LogView(evidence.kafka) };
  const convicted = new Map<string, string>();
  const results = asked.map((invariant) => {
    const result = ask(invariant, { evidenceCase, convicted, now });
    for (const { orderId } of result.counterExamples) {
      if (orderId && !convicted.has(orderId)) convicted.set(orderId, invariant.id);
    }
    return result;
  });
  const orders = evidence.orders.orders.length;
  const least = new Map(asked.map((invariant) => [invariant.id, floorOf(invariant, evidence)]));
  const invariants = [...results, notVacuous(orders, results, least)].sort((a, b) =>
    a.id < b.id ? -1 : 1,
  );
  const having = (verdict: InvariantResult['verdict']) =>
    invariants.filter((result) => result.verdict === verdict);
  return {
    held: having('VIOLATED').length === 0,
    orders,
    examined: invariants.reduce((sum, { rows }) => sum + rows, 0),
    notObserved: having('NOT OBSERVED').length,
    notApplicable: having('NOT APPLICABLE').length,
    met: metBy(evidence),
    invariants,
  };
}

interface Asking {
  readonly evidenceCase: Case;
  /** Orders, with the invariant that has named each of them first. */
  readonly convicted: ReadonlyMap<string, string>;
  readonly now: Stopwatch;
}

function ask(invariant: Invariant, { evidenceCase, convicted, now }: Asking): InvariantResult {
  const { id, says, rule } = invariant;
  const from = now();
  const finding = invariant.judge(evidenceCase, convicted);
  const common = { id, says, rule, milliseconds: Math.round(now() - from) };
  const empty = { rows: 0, counterExamples: [], consequences: [] };
  if ('notObserved' in finding) {
    return { ...common, ...empty, verdict: 'NOT OBSERVED', reason: finding.notObserved };
  }
  if ('notApplicable' in finding) {
    return { ...common, ...empty, verdict: 'NOT APPLICABLE', reason: finding.notApplicable };
  }
  const { rows, counterExamples: found, ...part } = finding;
  const causeOf = ({ orderId }: CounterExample) => convicted.get(orderId ?? '');
  const counterExamples = found.filter((one) => causeOf(one) === undefined);
  const consequences = found.filter((one) => causeOf(one) !== undefined);
  const explainedBy = [...new Set(consequences.flatMap((one) => causeOf(one) ?? []))].toSorted();
  const verdict = wordFor(counterExamples, consequences);
  const explained = explainedBy.length > 0 && { explainedBy };
  return { ...common, verdict, rows, counterExamples, consequences, ...explained, ...part };
}

function wordFor(
  { length: causes }: readonly CounterExample[],
  { length: consequences }: readonly CounterExample[],
): 'VIOLATED' | 'EXPLAINED' | 'HELD' {
  if (causes > 0) return 'VIOLATED';
  return consequences > 0 ? 'EXPLAINED' : 'HELD';
}

const LOOKED: readonly InvariantResult['verdict'][] = ['HELD', 'EXPLAINED'];

interface Floor {
  readonly least: number;
  readonly what: string;
}

function floorOf({ id, everyOrder }: Invariant, evidence: Evidence): Floor {
  const orders = new Set(evidence.orders.orders.map((order) => order.id)).size;
  if (everyOrder) return { least: orders, what: `${orders} orders` };
  const least = floors[id]?.(evidence) ?? 0;
  return { least, what: `${least} that there are` };
}

/**
 * Floors that hold for a system with one order, too. How much load and how many faults there must
 * have been is for those who make them to say: chaos ends VACUOUS.
 */
function notVacuous(
  orders: number,
  results: readonly InvariantResult[],
  floorsOf: ReadonlyMap<string, Floor>,
): InvariantResult {
  const looked = results.filter(({ verdict }) => LOOKED.includes(verdict));
  const nothing = looked.filter(({ rows }) => rows === 0);
  const tooFew = looked.flatMap(({ id, rows }) => {
    const floor = floorsOf.get(id);
    if (!floor || rows === 0 || rows >= floor.least) return [];
    return [{ what: `${id} looked at ${rows} rows of ${floor.what}` }];
  });
  const counterExamples: CounterExample[] = [
    ...(orders === 0 ? [{ what: 'there is no order: nothing was judged' }] : []),
    ...nothing.map(({ id }) => ({ what: `${id} had no row to look at` })),
    ...tooFew,
  ];
  return {
    id: 'A33',
    says: 'Every invariant has looked at all there is of what it is about.',
    rule:
      'rows examined > 0 for each invariant that was observed; orders > 0; rows ≥ orders for ' +
      'each that looks at every order, and for the others ≥ the rows of outboxes, facts, ' +
      'attempts, requests, books, records or entries that they are about, counted apart; how ' +
      'many faults there must be is for chaos to say, which ends VACUOUS',
    verdict: counterExamples.length > 0 ? 'VIOLATED' : 'HELD',
    rows: results.length,
    milliseconds: 0,
    counterExamples,
    consequences: [],
  };
}
