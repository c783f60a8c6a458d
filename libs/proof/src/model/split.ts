import type { AnySeen } from '../log-view.js';
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
    case 'StockAdded': {
      const { sku, quantity, occurredAt } = payload;
      const bucket = homeBucket(sku);
      const received = { sku, bucket, quantity, occurredAt };
      return [
        owe(id, { topic: 'inventory', type: 'StockReceived', key: bucket, payload: received }),
      ];
    }
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
      const bucket = homeBucket(sku);
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

/** The whole stock of a product lies in one bucket. */
function homeBucket(sku: string): string {
  return `${sku}/0`;
}
