/**
 * The states of a payment and of an attempt, and every legal step between them.
 *
 *   CREATING ──▶ CONFIRMING ──▶ PAID             SENT ──▶ SUCCEEDED | DECLINED
 *       │             ├───────▶ DECLINED           │          | FAILED | QUARANTINED
 *       └─────────────┴───────▶ QUARANTINED        │                ▲
 *                                                  └──▶ UNKNOWN ────┘
 *
 * Guarantee: steps only go forward, and this table is the guard: every write says `WHERE state =
 * ANY (the states from which the new one may be reached)`, and a trigger refuses what the table
 * does not list. So it does not matter who writes an outcome, the worker that asked, one that found
 * the leftovers of a crash, or one whose lease was lost: the first outcome stands, and a later one
 * finds nothing to change.
 */
export type PaymentState = 'CREATING' | 'CONFIRMING' | 'PAID' | 'DECLINED' | 'QUARANTINED';

/**
 * SENT: it may have been sent, or not; only the gateway knows. UNKNOWN: it was sent, and the answer
 * told us nothing.
 */
export type AttemptState = 'SENT' | 'UNKNOWN' | 'SUCCEEDED' | 'DECLINED' | 'FAILED' | 'QUARANTINED';

type Steps<S extends string> = Readonly<Record<S, readonly S[]>>;

export const paymentSteps: Steps<PaymentState> = {
  CREATING: ['CONFIRMING', 'DECLINED', 'QUARANTINED'],
  CONFIRMING: ['PAID', 'DECLINED', 'QUARANTINED'],
  PAID: [],
  DECLINED: [],
  QUARANTINED: [],
};

export const attemptSteps: Steps<AttemptState> = {
  SENT: ['UNKNOWN', 'SUCCEEDED', 'DECLINED', 'FAILED', 'QUARANTINED'],
  UNKNOWN: ['SUCCEEDED', 'DECLINED', 'FAILED', 'QUARANTINED'],
  SUCCEEDED: [],
  DECLINED: [],
  FAILED: [],
  QUARANTINED: [],
};

/** For the WHERE of a write: from which states `to` may be reached. */
export function statesBefore<S extends string>(steps: Steps<S>, to: S): S[] {
  return (Object.keys(steps) as S[]).filter((from) => steps[from].includes(to));
}
