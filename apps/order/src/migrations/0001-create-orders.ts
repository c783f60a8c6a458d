import { inboxTables } from '@checkout/inbox';
import { outboxTables } from '@checkout/outbox';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const products = `
  CREATE TABLE products (
    sku text PRIMARY KEY CHECK (sku ~ '^[a-z0-9-]{1,64}$'),
    name text NOT NULL,
    description text NOT NULL,
    unit_price bigint NOT NULL CHECK (unit_price > 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    vat_permille integer NOT NULL CHECK (vat_permille BETWEEN 0 AND 999),
    position integer NOT NULL UNIQUE,
    available bigint NOT NULL CHECK (available >= 0),
    -- where in inventory.levels the number available was read; null: nowhere yet
    level_partition integer,
    level_offset bigint
  )`;

const orders = `
  CREATE TABLE orders (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    status text NOT NULL CHECK (status IN ('placed', 'approved', 'rejected', 'paid',
      'payment_failed', 'cancelled', 'booked', 'refunded')),
    version integer NOT NULL CHECK (version >= 1),
    reason text,
    total bigint NOT NULL CHECK (total > 0),
    tax bigint NOT NULL CHECK (tax BETWEEN 0 AND total),
    currency text NOT NULL,
    payment_method text NOT NULL,
    placed_at timestamptz NOT NULL,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id()
  )`;

const ordersByCustomer = `CREATE INDEX orders_by_customer ON orders (customer_id, id DESC)`;

const orderLines = `
  CREATE TABLE order_lines (
    order_id uuid NOT NULL REFERENCES orders,
    line_number integer NOT NULL CHECK (line_number BETWEEN 1 AND 50),
    sku text NOT NULL REFERENCES products,
    quantity integer NOT NULL CHECK (quantity > 0),
    unit_price bigint NOT NULL CHECK (unit_price > 0),
    PRIMARY KEY (order_id, line_number)
  )`;

/** The answer is kept as text, byte for byte, because a replay must give the same bytes. */
const idempotencyKeys = `
  CREATE TABLE idempotency_keys (
    customer_id uuid NOT NULL,
    route text NOT NULL,
    key text NOT NULL,
    request_hash text NOT NULL,
    status integer NOT NULL,
    response text NOT NULL,
    order_id uuid NOT NULL REFERENCES orders,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (customer_id, route, key)
  )`;

/** No reference to orders: a fact is kept whenever it comes. */
const orderFacts = `
  CREATE TABLE order_facts (
    order_id uuid NOT NULL,
    kind text NOT NULL,
    event_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    reason text,
    topic text NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (order_id, kind)
  )`;

const orderHistory = `
  CREATE TABLE order_history (
    order_id uuid NOT NULL REFERENCES orders,
    version integer NOT NULL,
    status text NOT NULL,
    reason text,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (order_id, version),
    UNIQUE (order_id, status)
  )`;

/**
 * What the event streams tell: one row a change, in an order that each customer's reader can rely
 * on.
 */
const orderEvents = `
  CREATE TABLE order_events (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id uuid NOT NULL,
    order_id uuid NOT NULL,
    version integer NOT NULL,
    UNIQUE (order_id, version),
    FOREIGN KEY (order_id, version) REFERENCES order_history
  )`;

const eventsByCustomer = `CREATE INDEX order_events_by_customer ON order_events (customer_id, seq)`;

export class CreateOrders implements MigrationInterface {
  readonly name = 'CreateOrders1700000000001';

  async up(db: QueryRunner): Promise<void> {
    const own = [products, orders, ordersByCustomer, orderLines, idempotencyKeys];
    const projection = [orderFacts, orderHistory, orderEvents, eventsByCustomer];
    for (const statement of [...own, ...projection, ...outboxTables, ...inboxTables]) {
      await db.query(statement);
    }
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
