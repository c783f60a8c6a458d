import { createHash, randomUUID } from 'node:crypto';
import { orderPlacedId, topics, writeEvent } from '@checkout/events';
import { v7 as uuidv7 } from 'uuid';

/**
 * The rows of an accepted order, and one statement that inserts them: what the order service
 * stores, without its promises. No key is locked, no price is compared, no stream is put in order.
 */
export interface OrderRow {
  readonly id: string;
  readonly values: readonly unknown[];
}

const currency = 'EUR';
const SEVEN_PERCENT = 70n;

export interface OrderRowOptions {
  readonly customerId: string;
  readonly product: { readonly sku: string; readonly unitPrice: string };
  readonly paymentMethod: string;
}

export function orderRow({ customerId, product, paymentMethod }: OrderRowOptions): OrderRow {
  const id = uuidv7();
  const total = { amount: product.unitPrice, currency };
  const tax = (BigInt(product.unitPrice) * SEVEN_PERCENT) / (1000n + SEVEN_PERCENT);
  const line = { lineNumber: 1, sku: product.sku, quantity: 1, unitPrice: total };
  const eventId = orderPlacedId(id);
  const event = writeEvent(topics.outboxOrder, {
    id: eventId,
    type: 'OrderPlaced',
    key: eventId,
    partitionBy: id,
    causationId: id,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    payload: {
      orderId: id,
      customerId,
      lines: [line],
      total,
      tax: { amount: tax.toString(), currency },
      paymentMethod,
      occurredAt: new Date().toISOString(),
    },
  });
  const response = JSON.stringify({ id, status: 'placed', lines: [line], total });
  const hash = createHash('sha256').update(id).digest('hex');
  const order = [id, customerId, total.amount, tax.toString(), currency, paymentMethod];
  const key = [randomUUID(), hash, response];
  const staged = [eventId, event.headers['traceparent'], event.partition, event.value.toString()];
  return { id, values: [...order, ...key, product.sku, ...staged] };
}

export const INSERT_ORDER = `
  WITH placed AS (
    INSERT INTO orders
      (id, customer_id, status, version, total, tax, currency, payment_method, placed_at)
    VALUES ($1, $2, 'placed', 1, $3, $4, $5, $6, statement_timestamp())
    RETURNING id, customer_id, total, placed_at
  ), claimed AS (
    INSERT INTO idempotency_keys
      (customer_id, route, key, request_hash, status, response, order_id)
    SELECT customer_id, 'POST /api/orders', $7, $8, 201, $9, id FROM placed
  ), lines AS (
    INSERT INTO order_lines (order_id, line_number, sku, quantity, unit_price)
    SELECT id, 1, $10, 1, total FROM placed
  ), history AS (
    INSERT INTO order_history (order_id, version, status, occurred_at)
    SELECT id, 1, 'placed', placed_at FROM placed
  ), told AS (
    INSERT INTO order_events (customer_id, order_id, version)
    SELECT customer_id, id, 1 FROM placed
  )
  INSERT INTO outbox (id, aggregatetype, aggregateid, type, schema_version, causation_id,
    traceparent, partition, payload, occurred_at)
  SELECT $11, 'order', id::text, 'OrderPlaced', '1', id, $12, $13, $14, placed_at FROM placed`;
