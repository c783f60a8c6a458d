import { store } from '@checkout/eos';
import { changelogs, topics, type AnyEvent, type Payload } from '@checkout/events';

/**
 * What is known of one order: facts, each once, in any order of arrival. The decision is a function
 * of the set of facts.
 *
 *   answers missing ──all in, all yes──▶ approved ──payment closed──▶ its lines released
 *        │
 *        └──all in, one is no; a check failed, or time is up
 *                              ──▶ rejected, lines released as they become known
 *
 * It waits for every answer although one refusal settles the matter: the customer then reads all
 * reasons at once, and the outcome does not depend on which answer came first. Only a failed check
 * is not waited for, since its answer never comes; the watchdog's word is that of such a check.
 *
 * After the decision the row keeps the lines it may have to release and those it has released, for
 * ever: a repeat after months must find that the order is over. Not promised: a bound on memory;
 * such a row has about 200 bytes.
 */
export interface OrderChecks {
  /** The order as placed, until the decision: also the list of answers to wait for. */
  readonly order?: Payload<'OrderOpened'>;
  readonly fraud?: FraudAnswer;
  readonly refused?: Readonly<Record<number, RefusedLine>>;
  readonly failed?: FailedCheck;

  readonly held?: Readonly<Record<number, HeldLine>>;
  readonly released?: readonly number[];
  readonly decided?: 'approved' | 'rejected';
  readonly decidedAt?: string;
  readonly closedAt?: string;
}

export type FraudAnswer = Pick<Payload<'FraudCleared'>, 'ordersInWindow'> & {
  readonly reason?: Payload<'FraudRefused'>['reason'];
};
export type RefusedLine = Pick<Payload<'StockRefused'>, 'sku' | 'available'>;
export type FailedCheck = Pick<Payload<'CheckFailed'>, 'stage' | 'occurredAt'>;
export type HeldLine = Pick<Payload<'StockReserved'>, 'sku' | 'bucket' | 'quantity'>;

export type ReleasedLine = HeldLine & { readonly lineNumber: number; readonly occurredAt: string };

/** The stage that no record was lost in: time is up. */
export const WATCHDOG = 'watchdog';

export const checks = store<OrderChecks>({
  name: 'checks',
  changelog: changelogs.checks.name,
  fedBy: topics.checks.name,
});

export type CheckFact = AnyEvent<
  | 'OrderOpened'
  | 'StockReserved'
  | 'StockRefused'
  | 'FraudCleared'
  | 'FraudRefused'
  | 'CheckFailed'
  | 'PaymentClosed'
>;

/** Returns the same object when the fact says nothing new: the first word on a question stands. */
export function learn(known: OrderChecks, { type, payload }: CheckFact): OrderChecks {
  if (type === 'StockReserved') return withReservation(known, payload);
  if (type === 'PaymentClosed') {
    return known.closedAt ? known : { ...known, closedAt: payload.occurredAt };
  }
  if (known.decided) return known;

  switch (type) {
    case 'OrderOpened':
      return known.order ? known : { ...known, order: payload };
    case 'StockRefused':
      return withRefusal(known, payload);
    case 'FraudCleared':
      if (known.fraud) return known;
      return { ...known, fraud: { ordersInWindow: payload.ordersInWindow } };
    case 'FraudRefused': {
      const { ordersInWindow, reason } = payload;
      return known.fraud ? known : { ...known, fraud: { ordersInWindow, reason } };
    }
    case 'CheckFailed': {
      const { stage, occurredAt } = payload;
      return known.failed ? known : { ...known, failed: { stage, occurredAt } };
    }
  }
}

function withReservation(known: OrderChecks, line: Payload<'StockReserved'>): OrderChecks {
  const { lineNumber, sku, bucket, quantity } = line;
  if (known.held?.[lineNumber] || known.released?.includes(lineNumber)) return known;
  return { ...known, held: { ...known.held, [lineNumber]: { sku, bucket, quantity } } };
}

function withRefusal(known: OrderChecks, line: Payload<'StockRefused'>): OrderChecks {
  const { lineNumber, sku, available } = line;
  if (known.refused?.[lineNumber]) return known;
  return { ...known, refused: { ...known.refused, [lineNumber]: { sku, available } } };
}

/** The lines to give back now: all held ones, once the order is rejected or its payment closed. */
export function releasable(known: OrderChecks): ReleasedLine[] {
  const occurredAt = releaseTime(known);
  if (occurredAt === undefined) return [];
  return Object.entries(known.held ?? {}).map(([lineNumber, line]) => ({
    lineNumber: Number(lineNumber),
    ...line,
    occurredAt,
  }));
}

function releaseTime(known: OrderChecks): string | undefined {
  switch (known.decided) {
    case undefined:
      return undefined;
    case 'rejected':
      return known.decidedAt;
    case 'approved':
      return known.closedAt;
  }
}

export function withReleased(known: OrderChecks, lineNumbers: readonly number[]): OrderChecks {
  if (lineNumbers.length === 0) return known;
  const held = Object.entries(known.held ?? {}).filter(([n]) => !lineNumbers.includes(Number(n)));
  return {
    ...known,
    held: Object.fromEntries(held),
    released: [...(known.released ?? []), ...lineNumbers],
  };
}

/** From here on only what a release needs. */
export function withDecision(
  known: OrderChecks,
  outcome: Required<Pick<OrderChecks, 'decided' | 'decidedAt'>>,
): OrderChecks {
  const { held, released, closedAt } = known;
  return {
    ...(held && { held }),
    ...(released && { released }),
    ...(closedAt && { closedAt }),
    decided: outcome.decided,
    decidedAt: outcome.decidedAt,
  };
}
