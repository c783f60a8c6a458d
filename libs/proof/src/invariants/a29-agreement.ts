import type { Case } from '../case.js';
import type { PaymentRow } from '../evidence/rows.js';
import type { Invariant } from '../invariant.js';
import { mayBeGone } from './aged.js';

export const a29: Invariant = {
  id: 'A29',
  says: 'An order’s status is what stock, fraud, payment and ledger say together.',
  rule:
    'rejected ⟺ a line or the order was refused, or a check failed; else by the payment: ' +
    'DECLINED payment_failed, CANCELLED cancelled, PAID and booked booked, REFUNDED and ' +
    'reversed refunded; an order that was wished to be cancelled does not end booked, and ' +
    'only such an order is cancelled or refunded; ' +
    'what age has taken of the answers is not missed',
  everyOrder: true,
  judge(observed) {
    const { orders, lines } = observed.evidence.orders;
    const answers = answersOf(observed);
    const payments = new Map(observed.evidence.payments.payments.map((row) => [row.orderId, row]));
    const booked = entriesOf(observed);
    const isGone = mayBeGone(observed, 'checks');
    const linesOf = Map.groupBy(lines, ({ orderId }) => orderId);
    return {
      rows: orders.length,
      counterExamples: orders.flatMap(({ id, status, cancelRequested }) => {
        if (isGone(id)) return [];
        const decision = decisionOf(answers, id, linesOf.get(id)?.length ?? 0);
        const due = dueStatus(decision, payments.get(id), (kind) => booked.has(`${id} ${kind}`));
        if (cancelRequested && status === 'booked') {
          return [{ what: 'is booked, and was to be cancelled', orderId: id }];
        }
        if (UNDONE.includes(status) && !cancelRequested) {
          return [{ what: `is ${status}, and nobody has wished it`, orderId: id }];
        }
        if (due.includes(status)) return [];
        return [{ what: `is ${status}, all that is known says ${due.join(' or ')}`, orderId: id }];
      }),
    };
  },
};

/** Where only a customer’s wish leads, and what its payment has come to with it. */
const UNDONE = ['cancelled', 'refunded'];

interface Answers {
  readonly reserved: ReadonlyMap<string, number>;
  readonly refused: ReadonlySet<string>;
  readonly failed: ReadonlySet<string>;
  readonly cleared: ReadonlySet<string>;
}

function answersOf({ log }: Case): Answers {
  const events = log.events('checks');
  const about = (...types: string[]): string[] =>
    events.filter(({ type }) => types.includes(type)).map(({ payload }) => payload.orderId);
  const lines = new Set(
    events.flatMap(({ type, payload }) =>
      type === 'StockReserved' ? [`${payload.orderId} ${payload.lineNumber}`] : [],
    ),
  );
  const perOrder = Map.groupBy(lines, (name) => name.split(' ')[0] ?? '');
  return {
    reserved: new Map([...perOrder].map(([orderId, own]) => [orderId, own.length])),
    refused: new Set(about('StockRefused', 'FraudRefused')),
    failed: new Set(about('CheckFailed')),
    cleared: new Set(about('FraudCleared')),
  };
}

type Decision = 'approved' | 'rejected' | 'open' | 'either';

/** A check that failed ends the wait: what came before it, only the order of arrival says. */
function decisionOf(answers: Answers, orderId: string, lines: number): Decision {
  const { reserved, refused, failed, cleared } = answers;
  const allYes = cleared.has(orderId) && (reserved.get(orderId) ?? 0) === lines;
  if (failed.has(orderId)) return allYes ? 'either' : 'rejected';
  if (refused.has(orderId)) return 'rejected';
  return allYes ? 'approved' : 'open';
}

function dueStatus(
  decision: Decision,
  payment: PaymentRow | undefined,
  isBooked: (kind: string) => boolean,
): readonly string[] {
  if (decision === 'open') return ['placed'];
  if (decision === 'rejected') return ['rejected'];
  // A cancel that came before the approval makes a payment that nobody may ever need.
  const unpaid = payment === undefined || payment.state === 'VOIDED';
  if (decision === 'either' && unpaid) return ['rejected', 'approved'];
  switch (payment && toldState(payment)) {
    case 'DECLINED':
      return ['payment_failed'];
    case 'CANCELLED':
      return ['cancelled'];
    case 'PAID':
    case 'REFUNDING':
      return [isBooked('charge') ? 'booked' : 'paid'];
    case 'REFUNDED':
      if (isBooked('refund')) return ['refunded'];
      return [isBooked('charge') ? 'booked' : 'paid'];
    default:
      return ['approved'];
  }
}

/** In quarantine on its way back a payment is still what was told of it before: paid. */
function toldState({ state, decidedXid }: PaymentRow): string {
  return state === 'QUARANTINED' && decidedXid !== null ? 'PAID' : state;
}

function entriesOf({ log }: Case): ReadonlySet<string> {
  return new Set(log.events('ledger').map(({ payload }) => `${payload.orderId} ${payload.kind}`));
}
