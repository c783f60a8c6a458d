import type {
  FactRow,
  HistoryRow,
  KeyRow,
  LevelRow,
  OrderLineRow,
  OrderRow,
  OrdersDatabase,
  ProductRow,
  ToldRow,
} from '../evidence/rows.js';
import { readMessaging } from './messaging.js';
import { isoText, milliseconds, snapshot } from './snapshot.js';

const ORDERS = `
  SELECT id, customer_id AS "customerId", status, version, reason, total, tax, currency,
    payment_method AS "paymentMethod", ${isoText('placed_at')} AS "placedAt",
    cancel_requested_at IS NOT NULL AS "cancelRequested", overdue_at IS NOT NULL AS overdue,
    xid::text
  FROM orders`;
const LINES = `
  SELECT order_id AS "orderId", line_number AS "lineNumber", sku, quantity,
    unit_price AS "unitPrice"
  FROM order_lines ORDER BY order_id, line_number`;
const PRODUCTS = `
  SELECT sku, unit_price AS "unitPrice", currency, vat_permille AS "vatPermille", available
  FROM products`;
const LEVELS = `SELECT bucket, sku, available, partition, "offset" FROM stock_levels`;
const KEYS = `
  SELECT customer_id AS "customerId", route, key, request_hash AS "requestHash", status, response,
    order_id AS "orderId"
  FROM idempotency_keys`;
const FACTS = `
  SELECT order_id AS "orderId", kind, reason, event_id AS "eventId", topic, partition, "offset"
  FROM order_facts`;
const HISTORY = `
  SELECT order_id AS "orderId", version, status, reason
  FROM order_history ORDER BY order_id, version`;
const CLOCK = `SELECT ${milliseconds('clock_timestamp()')} AS now`;
const TOLD = `
  SELECT order_id AS "orderId", customer_id AS "customerId", seq, version, wish FROM order_events`;

/** PostgreSQL's bigint comes as text. */
type Text<Row, Names extends keyof Row> = Omit<Row, Names> & { readonly [K in Names]: string };

export function readOrders(url: string): Promise<OrdersDatabase> {
  return snapshot(url, async (ask) => {
    const orders = await ask<Text<OrderRow, 'total' | 'tax'>>(ORDERS);
    const lines = await ask<Text<OrderLineRow, 'unitPrice'>>(LINES);
    const products = await ask<Text<ProductRow, 'unitPrice' | 'available'>>(PRODUCTS);
    const levels = await ask<Text<LevelRow, 'available' | 'offset'>>(LEVELS);
    const facts = await ask<Text<FactRow, 'offset'>>(FACTS);
    const told = await ask<Text<ToldRow, 'seq'>>(TOLD);
    const [clock] = await ask<{ now: string }>(CLOCK);
    return {
      readAt: Number(clock?.now),
      orders: orders.map((row) => ({ ...row, total: BigInt(row.total), tax: BigInt(row.tax) })),
      lines: lines.map((row) => ({ ...row, unitPrice: BigInt(row.unitPrice) })),
      products: products.map((row) => ({
        ...row,
        unitPrice: BigInt(row.unitPrice),
        available: Number(row.available),
      })),
      levels: levels.map((row) => ({
        ...row,
        available: Number(row.available),
        offset: Number(row.offset),
      })),
      keys: await ask<KeyRow>(KEYS),
      facts: facts.map((row) => ({ ...row, offset: Number(row.offset) })),
      history: await ask<HistoryRow>(HISTORY),
      told: told.map((row) => ({ ...row, seq: Number(row.seq) })),
      ...(await readMessaging(ask)),
    };
  });
}
