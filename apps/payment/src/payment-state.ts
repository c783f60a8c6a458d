/**
 * The states of a payment and of an attempt, and every legal step between them.
 *
 *   CREATING ──▶ CONFIRMING ──▶ PAID ──▶ REFUNDING ──▶ REFUNDED
 *       │             │           ▲
 *       └─────────────┴─▶ CANCELLING ──▶ CANCELLED ◀── VOIDED (cancelled before it was approved)
 *
 *   From CREATING and CONFIRMING also to DECLINED, from every state with a gateway to ask also to
 *   QUARANTINED.
 *
 *   SENT ──▶ UNKNOWN ──┬──▶ SUCCEEDED | DECLINED | FAILED | QUARANTINED
 *     └────────┴──▶ SUPERSEDED ──┘
 *
 * Guarantee: steps only go forward, and this table is the guard: every write says `WHERE state =
 * ANY (the states from which the new one may be reached)`, and a trigger refuses what the table
 * does not list. So it does not matter who writes an outcome, the worker that asked, one that found
 * the leftovers of a crash, or one whose lease was lost: the first outcome stands, and a later one
 * finds nothing to change.
 */
export type PaymentState =
  /** The customer cancelled and nothing was approved yet: the approval will find this and stop. */
  | 'VOIDED'
  | 'CREATING'
  | 'CONFIRMING'
  /** The customer cancelled; the gateway is asked to make sure that nothing is charged any more. */
  | 'CANCELLING'
  | 'PAID'
  | 'REFUNDING'
  /** Final, as are the four below. Nothing was charged and nothing will be. */
  | 'CANCELLED'
  | 'REFUNDED'
  | 'DECLINED'
  | 'QUARANTINED';

/**
 * SENT: it may have been sent, or not; only the gateway knows. UNKNOWN: it was sent, and the answer
 * told us nothing. SUPERSEDED: a confirmation that was SENT or UNKNOWN when the customer cancelled;
 * what became of it is found out by cancelling.
 */
export type AttemptState =
  'SENT' | 'UNKNOWN' | 'SUPERSEDED' | 'SUCCEEDED' | 'DECLINED' | 'FAILED' | 'QUARANTINED';

type Steps<S extends string> = Readonly<Record<S, readonly S[]>>;

export const paymentSteps: Steps<PaymentState> = {
  VOIDED: ['CANCELLED'],
  CREATING: ['CONFIRMING', 'CANCELLING', 'DECLINED', 'QUARANTINED'],
  CONFIRMING: ['PAID', 'CANCELLING', 'DECLINED', 'QUARANTINED'],
  CANCELLING: ['CANCELLED', 'PAID', 'QUARANTINED'],
  PAID: ['REFUNDING'],
  REFUNDING: ['REFUNDED', 'QUARANTINED'],
  CANCELLED: [],
  REFUNDED: [],
  DECLINED: [],
  QUARANTINED: [],
};

export const attemptSteps: Steps<AttemptState> = {
  SENT: ['UNKNOWN', 'SUPERSEDED', 'SUCCEEDED', 'DECLINED', 'FAILED', 'QUARANTINED'],
  UNKNOWN: ['SUPERSEDED', 'SUCCEEDED', 'DECLINED', 'FAILED', 'QUARANTINED'],
  SUPERSEDED: ['SUCCEEDED', 'DECLINED', 'FAILED', 'QUARANTINED'],
  SUCCEEDED: [],
  DECLINED: [],
  FAILED: [],
  QUARANTINED: [],
};

/**
 * In SQL, the states in which there is something to ask the gateway. Written out and no parameter,
 * so that the partial index of what is due is used.
 */
export const BEING_WORKED = `('CREATING', 'CONFIRMING', 'CANCELLING', 'REFUNDING')`;

/** For the WHERE of a write: from which states `to` may be reached. */
export function statesBefore<S extends string>(steps: Steps<S>, to: S): S[] {
  return (Object.keys(steps) as S[]).filter((from) => steps[from].includes(to));
}
