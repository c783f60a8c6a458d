import type { AnySeen } from '../log-view.js';
import { bucketFor, bucketsOf } from './buckets.js';
import { owe, type Owed } from './output.js';

type Input = AnySeen<
  | 'OrderPlaced'
  | 'OrderCancelRequested'
  | 'OrderOverdue'
  | 'StockAdded'
  | 'PaymentSucceeded'
  | 'PaymentDeclined'
  | 'PaymentCancelled'
  | 'PaymentRefunded'
>;

const CLOSED_AS = {
  PaymentDeclined: 'declined',
  PaymentCancelled: 'cancelled',
  PaymentRefunded: 'refunded',
} as const;

/** Questions for each placed order, word of each payment that came to nothing. Without a state. */
export function split({ id, type, payload }: Input): Owed[] {
  switch (type) {
    case 'OrderPlaced':
      return questions(id, payload);
    case 'OrderOverdue': {
      const { orderId, occurredAt } = payload;
      const failed = { orderId, stage: 'watchdog', reason: '', occurredAt };
      return [owe(id, { topic: 'checks', type: 'CheckFailed', key: orderId, payload: failed })];
    }
    case 'StockAdded':
      return parts(id, payload);
    case 'PaymentDeclined':
    case 'PaymentCancelled':
    case 'PaymentRefunded': {
      const { orderId, occurredAt } = payload;
      const closed = { orderId, outcome: CLOSED_AS[type], occurredAt };
      return [owe(id, { topic: 'checks', type: 'PaymentClosed', key: orderId, payload: closed })];
    }
    case 'OrderCancelRequested':
    case 'PaymentSucceeded':
      return [];
  }
}

function questions(id: string, placed: AnySeen<'OrderPlaced'>['payload']): Owed[] {
  const { orderId, customerId, lines, total, occurredAt } = placed;
  return [
    owe(id, { topic: 'checks', type: 'OrderOpened', key: orderId, payload: placed }),
    owe(id, {
      topic: 'fraud',
      type: 'FraudCheckRequested',
      key: customerId,
      payload: { orderId, customerId, total, occurredAt },
    }),
    ...lines.map(({ lineNumber, sku, quantity }) => {
      const bucket = bucketFor(sku, orderId);
      return owe(id, {
        topic: 'inventory',
        type: 'StockRequested',
        key: bucket,
        subject: String(lineNumber),
        payload: { orderId, lineNumber, sku, bucket, quantity, occurredAt },
      });
    }),
  ];
}

/** The same for each bucket, and for the first, which is home, the remainder as well. */
function parts(id: string, added: AnySeen<'StockAdded'>['payload']): Owed[] {
  const { sku, quantity, occurredAt } = added;
  const buckets = bucketsOf(sku);
  const remainder = quantity % buckets.length;
  const each = (quantity - remainder) / buckets.length;
  return buckets.flatMap((bucket, n) => {
    const part = n === 0 ? each + remainder : each;
    if (part === 0) return [];
    const payload = { sku, bucket, quantity: part, occurredAt };
    return [
      owe(id, {
        ...{ topic: 'inventory', type: 'StockReceived', key: bucket, subject: bucket },
        payload,
      }),
    ];
  });
}
