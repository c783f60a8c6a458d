import { PoisonError } from '@checkout/eos';

/**
 * An order's status is a pure function of what is known about it.
 *
 *   placed ─┬─ approved ─┬─ paid ── booked ── refunded
 *           │            ├─ payment_failed
 *           │            └─ cancelled
 *           └─ rejected
 *
 * Guarantee: any order of arrival and any repeats of the same facts give the same status and the
 * same history.
 * Threat: the facts come from four topics that are not ordered among each other; "booked" may be
 * read before "approved", and a projection that refused it as an illegal step would wait for ever.
 * A later fact implies the earlier steps of its path, so they are written down with it, in the
 * order of the path, and their own facts change nothing when they come.
 * Each step carries its own time. The times come from several clocks (databases', producers'),
 * which may differ by more than two steps lie apart; so no step is dated before the one that it
 * follows.
 * Not promised: sense from facts that exclude each other (approved and rejected, paid and
 * cancelled). No producer writes both; were they to come, the second one is parked, for a person to
 * look at.
 */
export type OrderStatus = 'placed' | FactKind;

/** The table of legal steps: what each status comes after. */
const COMES_AFTER = {
  approved: 'placed',
  rejected: 'placed',
  paid: 'approved',
  payment_failed: 'approved',
  cancelled: 'approved',
  booked: 'paid',
  refunded: 'booked',
} as const satisfies Record<string, string>;

export type FactKind = keyof typeof COMES_AFTER;

/** Nothing more happens to such an order, and nothing can be cancelled. */
const OVER: readonly OrderStatus[] = ['rejected', 'payment_failed', 'cancelled', 'refunded'];

export function isOver(status: OrderStatus): boolean {
  return OVER.includes(status);
}

export interface Fact {
  readonly kind: FactKind;
  /**
   * When this very step happened, as ISO text with milliseconds: the same however often and
   * whenever its fact is delivered.
   */
  readonly occurredAt: string;
  /** For the customer, in plain words. */
  readonly reason: string | null;
}

export interface Step {
  readonly version: number;
  readonly status: OrderStatus;
  readonly occurredAt: string;
  readonly reason: string | null;
}

/** Every step from `placed` to the furthest one known, version 1 upwards. */
export function historyOf(placedAt: string, facts: readonly Fact[]): readonly Step[] {
  const known = new Map(facts.map((fact) => [fact.kind, fact]));
  const path = longest([...known.keys()].map(pathTo));
  const strays = [...known.keys()].filter((kind) => !path.includes(kind));
  if (strays.length > 0) throw new ContradictoryFacts([...path, ...strays]);
  const steps = rising(placedAt, dated(path, known));
  return [
    { version: 1, status: 'placed', occurredAt: placedAt, reason: null },
    ...steps.map((step, i) => ({ version: i + 2, ...step })),
  ];
}

/** From the far end: a step that is only implied is dated by the next one that is known. */
function dated(path: readonly FactKind[], known: ReadonlyMap<FactKind, Fact>) {
  let occurredAt = '';
  const steps = path.toReversed().map((status) => {
    const fact = known.get(status);
    occurredAt = fact?.occurredAt ?? occurredAt;
    return { status, occurredAt, reason: fact?.reason ?? null };
  });
  return steps.toReversed();
}

function rising<S extends { readonly occurredAt: string }>(start: string, steps: readonly S[]) {
  let latest = start;
  return steps.map((step): S => {
    if (step.occurredAt > latest) latest = step.occurredAt;
    return { ...step, occurredAt: latest };
  });
}

/** Poison for the projection: no later delivery can make both true. */
export class ContradictoryFacts extends PoisonError {
  constructor(kinds: readonly FactKind[]) {
    super(`an order cannot be all of: ${kinds.join(', ')}`);
  }
}

function pathTo(kind: FactKind): readonly FactKind[] {
  const before: OrderStatus = COMES_AFTER[kind];
  return before === 'placed' ? [kind] : [...pathTo(before), kind];
}

function longest(paths: readonly (readonly FactKind[])[]): readonly FactKind[] {
  return paths.reduce((best, path) => (path.length > best.length ? path : best), []);
}
