import { orderPlacedId, type Payload } from '@checkout/events';
import type { AnySeen } from '../log-view.js';
import { owe, type Answer, type Owed } from './output.js';

type Fact = AnySeen<
  | 'OrderOpened'
  | 'StockReserved'
  | 'StockRefused'
  | 'FraudCleared'
  | 'FraudRefused'
  | 'CheckFailed'
  | 'PaymentClosed'
>;
type Held = Payload<'StockReserved'>;

interface Known {
  order?: Payload<'OrderOpened'>;
  fraud?: { readonly ordersInWindow: number; readonly refused: boolean };
  readonly refused: Map<number, Payload<'StockRefused'>>;
  readonly held: Map<number, Held>;
  readonly released: Set<number>;
  failed?: Payload<'CheckFailed'>;
  decided?: { readonly approved: boolean; readonly at: string };
  closedAt?: string;
}

type Reasons = Payload<'OrderRejected'>['reasons'];

/**
 * The answers about each order, until they amount to an outcome; and from then on what has to be
 * given back. Outcome and releases have the placed order as their cause.
 */
export class JoinModel {
  readonly #orders = new Map<string, Known>();

  answer(fact: Fact): Answer {
    const { orderId } = fact.payload;
    const known = this.#known(orderId);
    learn(known, fact);
    const outcome = known.decided ? undefined : decide(orderId, known);
    const released = release(orderId, known);
    return {
      owed: [...(outcome ? [outcome] : []), ...released],
      puts: [{ store: 'checks', key: orderId, value: rowOf(known) }],
    };
  }

  #known(orderId: string): Known {
    const found = this.#orders.get(orderId);
    if (found) return found;
    const fresh = { refused: new Map(), held: new Map(), released: new Set<number>() };
    this.#orders.set(orderId, fresh);
    return fresh;
  }
}

/** What must be remembered of an order that is decided: what it holds, and what it gave back. */
export interface CheckedOrder {
  readonly decided?: string;
  readonly decidedAt?: string;
  readonly closedAt?: string;
  readonly held?: Readonly<Record<string, Pick<Held, 'sku' | 'bucket' | 'quantity'>>>;
  readonly released?: readonly number[];
}

function rowOf({ decided, closedAt, held, released }: Known): CheckedOrder {
  const lines = [...held].map(([lineNumber, { sku, bucket, quantity }]) => {
    return [String(lineNumber), { sku, bucket, quantity }] as const;
  });
  return {
    ...(decided && { decided: decided.approved ? 'approved' : 'rejected', decidedAt: decided.at }),
    ...(closedAt !== undefined && { closedAt }),
    held: Object.fromEntries(lines),
    released: [...released],
  };
}

/** The first word on each question stands. After the decision only stock and its return matter. */
function learn(known: Known, { type, payload }: Fact): void {
  switch (type) {
    case 'StockReserved':
      if (!known.released.has(payload.lineNumber) && !known.held.has(payload.lineNumber)) {
        known.held.set(payload.lineNumber, payload);
      }
      return;
    case 'PaymentClosed':
      known.closedAt ??= payload.occurredAt;
      return;
    case 'OrderOpened':
      known.order ??= payload;
      return;
    case 'StockRefused':
      if (!known.refused.has(payload.lineNumber)) known.refused.set(payload.lineNumber, payload);
      return;
    case 'FraudCleared':
      known.fraud ??= { ordersInWindow: payload.ordersInWindow, refused: false };
      return;
    case 'FraudRefused':
      known.fraud ??= { ordersInWindow: payload.ordersInWindow, refused: true };
      return;
    case 'CheckFailed':
      known.failed ??= payload;
      return;
  }
}

function decide(orderId: string, known: Known): Owed | undefined {
  const { order, fraud, failed } = known;
  if (failed) {
    const late = failed.stage === 'watchdog';
    const occurredAt = (late ? undefined : order?.occurredAt) ?? failed.occurredAt;
    return reject(orderId, known, { codes: ['check-failed'], occurredAt });
  }
  if (!order || !fraud || !order.lines.every((line) => isAnswered(known, line.lineNumber))) {
    return undefined;
  }
  const outOfStock = new Set([...known.refused.values()].map(wordsOf));
  const codes = [
    ...[...outOfStock].map(() => 'out-of-stock' as const),
    ...(fraud.refused ? (['fraud'] as const) : []),
  ];
  if (codes.length > 0) return reject(orderId, known, { codes, occurredAt: order.occurredAt });
  known.decided = { approved: true, at: order.occurredAt };
  const payload = { ...order, fraud: { ordersInWindow: fraud.ordersInWindow } };
  return owe(orderPlacedId(orderId), {
    topic: 'ordersApproved',
    type: 'OrderApproved',
    key: orderId,
    payload,
  });
}

function isAnswered({ held, refused }: Known, line: number): boolean {
  return held.has(line) || refused.has(line);
}

/** Lines of which the same is said to the customer are one reason. */
function wordsOf({ sku, quantity, available }: Payload<'StockRefused'>): string {
  return available === 0 ? sku : `${sku} ${quantity} ${available}`;
}

function reject(
  orderId: string,
  known: Known,
  { codes, occurredAt }: { codes: Reasons[number]['code'][]; occurredAt: string },
): Owed {
  known.decided = { approved: false, at: occurredAt };
  const customer = known.order && { customerId: known.order.customerId };
  const reasons = codes.map((code) => ({ code, text: '' }));
  return owe(orderPlacedId(orderId), {
    topic: 'ordersRejected',
    type: 'OrderRejected',
    key: orderId,
    payload: { orderId, ...customer, reasons, occurredAt },
  });
}

function release(orderId: string, known: Known): Owed[] {
  const { decided, closedAt, held, released } = known;
  const occurredAt = decided && (decided.approved ? closedAt : decided.at);
  if (occurredAt === undefined) return [];
  const lines = [...held.values()].toSorted((a, b) => a.lineNumber - b.lineNumber);
  held.clear();
  return lines.map(({ lineNumber, sku, bucket, quantity }) => {
    released.add(lineNumber);
    return owe(orderPlacedId(orderId), {
      topic: 'inventory',
      type: 'StockReleaseRequested',
      key: bucket,
      subject: String(lineNumber),
      payload: { orderId, lineNumber, sku, bucket, quantity, occurredAt },
    });
  });
}
