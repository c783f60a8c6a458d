import {
  eventId,
  orderPlacedId,
  topics,
  writeEvent,
  type EventType,
  type NewEvent,
  type Payload,
  type TopicDefinition,
} from '@checkout/events';
import { base64, type RawRecord } from './topic-client.js';

/**
 * Random histories of orders, as the outboxes tell them, for both sides to read: customers over the
 * limit and under it, a product whose buckets are recalled, one with ten pieces, ends of payments
 * before and after there is anything to pay.
 */
export interface Chance {
  /** When the orders' ids say that they were made, which is where the services look for them. */
  readonly seed: number;
  (below: number): number;
}

/** The same numbers for the same seed. */
export function chanceOf(seed: number): Chance {
  let state = seed | 0;
  const draw = (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return (mixed >>> 0) % below;
  };
  return Object.assign(draw, { seed });
}

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const PLACED_AT = Date.parse('2026-11-23T12:00:00.000Z');
/** Of plenty, of some, of ten. */
const SKUS = ['espresso-cup', 'tea-pot', 'limited-print'] as const;
const ORDERS = 160;
const CUSTOMERS = 9;

/** A UUIDv7 of its own for each kind and number. */
export function idOf({ seed }: Chance, kind: number, n: number): string {
  const made = seed.toString(16).padStart(12, '0');
  const rest = (kind * 1_000_000 + n).toString(16).padStart(12, '0');
  return `${made.slice(0, 8)}-${made.slice(8)}-7000-8000-${rest}`;
}

export function raw<T extends EventType>(
  topic: TopicDefinition,
  event: Omit<NewEvent<T>, 'traceparent'>,
): RawRecord {
  const { key, value, headers, ...place } = writeEvent(topic, { traceparent: TRACE, ...event });
  return {
    ...place,
    key: base64(key),
    value: value.toString('base64'),
    headers: Object.entries(headers).map(([name, text]) => [name, base64(text)]),
  };
}

function ofOrder<T extends EventType>(
  topic: TopicDefinition,
  type: T,
  payload: Payload<T> & { readonly orderId: string },
): RawRecord {
  const { orderId } = payload;
  const first = orderPlacedId(orderId);
  const id = type === 'OrderPlaced' ? first : eventId(first, type);
  return raw(topic, { id, type, key: id, partitionBy: orderId, causationId: first, payload });
}

const later = (time: number): string => new Date(time).toISOString();
const euro = (amount: string) => ({ amount, currency: 'EUR' });

export function order(chance: Chance, orderId: string): Payload<'OrderPlaced'> {
  // Half of all orders are those of one customer, who is over the limit soon.
  const customer = chance(2) === 0 ? 0 : chance(CUSTOMERS);
  const total = ['4200', '4200', '4200', '1000000', '1000001'][chance(5)] ?? '';
  return {
    orderId,
    customerId: `0192f0c1-0000-7000-8000-00000000000${customer}`,
    lines: Array.from({ length: 1 + chance(4) }, (_, i) => ({
      lineNumber: i + 1,
      sku: SKUS[chance(SKUS.length)] ?? '',
      quantity: 1 + chance(5),
      unitPrice: euro('2100'),
    })),
    total: euro(total),
    tax: euro('671'),
    paymentMethod: 'pm_card_visa',
    occurredAt: later(PLACED_AT + chance(180_000)),
  };
}

/** What comes first: deliveries, orders, and early words about orders. */
export function firstWave(chance: Chance): RawRecord[] {
  const stock = [
    ...([
      ['espresso-cup', 2_000],
      ['tea-pot', 45],
      ['limited-print', 10],
    ] as const),
    ...Array.from({ length: 4 }, () => ['tea-pot', 1 + chance(7)] as const),
  ].map(([sku, quantity], n) => {
    const id = idOf(chance, 1, n);
    const payload = { sku, quantity, reason: 'delivered', occurredAt: later(PLACED_AT) };
    const event = { id, type: 'StockAdded', key: id, partitionBy: sku, causationId: id } as const;
    return raw(topics.outboxCatalogue, { ...event, payload });
  });
  const orders = Array.from({ length: ORDERS }, (_, n) => order(chance, idOf(chance, 2, n)));
  const placed = orders.flatMap((payload) => {
    const record = ofOrder(topics.outboxOrder, 'OrderPlaced', payload);
    const isEarly = chance(8) === 0;
    const repeats = chance(6) === 0 ? [record] : [];
    return [...(isEarly ? [wordAbout(chance, payload)] : []), record, ...repeats];
  });
  return [...stock.slice(0, 3), ...placed, ...stock.slice(3)];
}

/** What comes when all that was answered: ends of payments, and words that are too late. */
export function secondWave(chance: Chance, placed: readonly RawRecord[]): RawRecord[] {
  const orders = placed
    .filter(({ topic, headers }) => topic === 'outbox.order' && headers[1]?.[1] === PLACED)
    .map(({ value }) => JSON.parse(Buffer.from(value!, 'base64').toString()) as Placed);
  return orders.flatMap((payload) => (chance(3) > 0 ? [wordAbout(chance, payload)] : []));
}
const PLACED = base64('OrderPlaced');
type Placed = Payload<'OrderPlaced'>;

function wordAbout(chance: Chance, placed: Placed): RawRecord {
  const { orderId, customerId, lines, total: amount, tax } = placed;
  const occurredAt = later(PLACED_AT + 60_000 + chance(600_000));
  const charged = { orderId, customerId, lines, amount, occurredAt, gatewayReference: 'pi_1' };
  const { outboxOrder, outboxPayment } = topics;
  const words = [
    () => ofOrder(outboxOrder, 'OrderOverdue', { orderId, occurredAt }),
    () => ofOrder(outboxOrder, 'OrderCancelRequested', { orderId, customerId, occurredAt }),
    () => ofOrder(outboxPayment, 'PaymentCancelled', charged),
    () => ofOrder(outboxPayment, 'PaymentRefunded', { ...charged, refund: 1, tax }),
    () => {
      const declined = { ...charged, attempt: 1, declineCode: 'card_declined' };
      return ofOrder(outboxPayment, 'PaymentDeclined', declined);
    },
    () => {
      const paid = { ...charged, attempt: 1, fee: euro('50'), tax };
      return ofOrder(outboxPayment, 'PaymentSucceeded', paid);
    },
  ];
  return words[chance(words.length)]!();
}

/** The same records again, in another order: some of what lies on a topic. */
export function repeats(chance: Chance, of: readonly RawRecord[]): RawRecord[] {
  return of
    .filter(() => chance(3) === 0)
    .map((record) => ({ record, at: chance(1_000_000) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ record }) => record);
}
