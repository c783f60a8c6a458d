import type { AnySeen, LogView, TopicKey } from '../log-view.js';

/** What a group that works with an inbox leaves a mark of. */
export interface Marking {
  readonly group: string;
  readonly database: 'orders' | 'payments';
  readonly topics: readonly TopicKey[];
  marks(event: AnySeen): boolean;
  /** Types that it does not read, and so does not park either. */
  readonly passesOver: readonly string[];
}

export const markings: readonly Marking[] = [
  {
    group: 'order.status',
    database: 'orders',
    topics: ['ordersApproved', 'ordersRejected', 'outboxPayment', 'ledger', 'inventoryLevels'],
    marks: () => true,
    passesOver: [],
  },
  {
    group: 'payment.charge',
    database: 'payments',
    topics: ['ordersApproved', 'outboxOrder'],
    // What is neither an approval nor a cancel is passed over: its offset is enough.
    marks: ({ type }) => type === 'OrderApproved' || type === 'OrderCancelRequested',
    passesOver: ['OrderPlaced', 'OrderOverdue'],
  },
];

export function markedBy({ topics, marks }: Marking, log: LogView): AnySeen[] {
  const events = topics.flatMap((key): readonly AnySeen[] => log.events(key));
  return events.filter((event) => marks(event));
}

/** The status that an event is a fact about; null when it is about none. */
export function factKindOf({ type, payload }: AnySeen): string | null {
  switch (type) {
    case 'OrderApproved':
      return 'approved';
    case 'OrderRejected':
      return 'rejected';
    case 'PaymentSucceeded':
      return 'paid';
    case 'PaymentDeclined':
      return 'payment_failed';
    case 'PaymentCancelled':
      return 'cancelled';
    case 'LedgerEntry':
      if (payload.kind === 'charge') return 'booked';
      return payload.kind === 'refund' ? 'refunded' : null;
    default:
      return null;
  }
}
