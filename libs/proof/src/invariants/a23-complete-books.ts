import type { Invariant } from '../invariant.js';
import type { AnySeen } from '../log-view.js';
import { entryOf, type Entry } from '../model/book.js';

export const a23: Invariant = {
  id: 'A23',
  says: 'Every charge and refund is booked, and every such entry has its charge or refund.',
  rule:
    'PaymentSucceeded and PaymentRefunded ⟷ LedgerEntry of kind charge and refund, by ' +
    'transaction id; order, currency, accounts and amounts as the rule of double entry says',
  judge({ log }) {
    const due = new Map<string, { readonly entry: Entry; readonly fact: AnySeen }>();
    for (const fact of log.events('outboxPayment')) {
      const entry = entryOf(fact);
      if (entry) due.set(entry.transactionId, { entry, fact });
    }
    const booked = log.events('ledger').filter(({ payload }) => KINDS.includes(payload.kind));
    const byId = new Map(booked.map(({ payload }) => [payload.transactionId, payload]));
    return {
      rows: due.size + byId.size,
      counterExamples: [
        ...[...due].flatMap(([transactionId, { entry, fact }]) => {
          const what = fault(entry, byId.get(transactionId));
          if (what === undefined) return [];
          return [{ what, orderId: entry.orderId, eventId: fact.id }];
        }),
        ...[...byId].flatMap(([transactionId, { orderId, kind }]) => {
          if (due.has(transactionId)) return [];
          const what = `a ${kind} is booked as ${transactionId} and never happened`;
          return [{ what, orderId }];
        }),
      ],
    };
  },
};

const KINDS = ['charge', 'refund'];

function fault(due: Entry, booked: Entry | undefined): string | undefined {
  if (!booked) return `the ${due.kind} is not booked`;
  if (booked.orderId !== due.orderId) return `is booked for order ${booked.orderId}`;
  if (booked.kind !== due.kind) return `is booked as ${booked.kind}, not ${due.kind}`;
  if (booked.currency !== due.currency) {
    return `is booked in ${booked.currency}, not ${due.currency}`;
  }
  const [found, wanted] = [legsOf(booked), legsOf(due)];
  return found === wanted ? undefined : `is booked as ${found}, not as ${wanted}`;
}

function legsOf({ legs }: Entry): string {
  return legs
    .map(({ account, direction, amount }) => `${direction} ${account} ${amount}`)
    .toSorted()
    .join('; ');
}
