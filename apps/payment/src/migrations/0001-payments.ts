import { inboxTables } from '@checkout/inbox';
import { outboxTables } from '@checkout/outbox';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const payments = `
  CREATE TABLE payments (
    order_id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    amount bigint NOT NULL CHECK (amount >= 0),
    tax bigint NOT NULL CHECK (tax BETWEEN 0 AND amount),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    payment_method text NOT NULL,
    lines json NOT NULL,
    placed_at timestamptz NOT NULL,
    approved_event_id uuid NOT NULL,
    traceparent text NOT NULL,
    state text NOT NULL DEFAULT 'CREATING'
      CHECK (state IN ('CREATING', 'CONFIRMING', 'PAID', 'DECLINED', 'QUARANTINED')),
    payment_intent_id text UNIQUE
      CHECK (payment_intent_id IS NOT NULL OR state NOT IN ('CONFIRMING', 'PAID')),
    last_charge_id text,
    fee bigint CHECK (fee IS NOT NULL OR state <> 'PAID'),
    fee_currency text,
    reason text CHECK (reason IS NOT NULL OR state NOT IN ('DECLINED', 'QUARANTINED')),
    tries integer NOT NULL DEFAULT 0,
    next_try_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    lease_owner text,
    lease_until timestamptz CHECK ((lease_until IS NULL) = (lease_owner IS NULL)),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    decided_at timestamptz,
    decided_xid xid8
  )`;

/** What the poll of an idle worker reads: nothing, in one page. */
const due = `
  CREATE INDEX payments_due ON payments (next_try_at) WHERE state IN ('CREATING', 'CONFIRMING')`;

const attempts = `
  CREATE TABLE attempts (
    order_id uuid NOT NULL REFERENCES payments,
    operation text NOT NULL CHECK (operation IN ('create', 'confirm')),
    attempt integer NOT NULL CHECK (attempt BETWEEN 1 AND 3),
    idempotency_key text NOT NULL UNIQUE
      CHECK (idempotency_key = order_id || ':' || operation || ':' || attempt),
    request text NOT NULL,
    request_hash text NOT NULL,
    state text NOT NULL DEFAULT 'SENT'
      CHECK (state IN ('SENT', 'UNKNOWN', 'SUCCEEDED', 'DECLINED', 'FAILED', 'QUARANTINED')),
    stored_failure boolean NOT NULL DEFAULT false,
    evidence text CHECK (evidence IS NOT NULL OR state = 'SENT'),
    created_at timestamptz NOT NULL,
    decided_at timestamptz,
    PRIMARY KEY (order_id, operation, attempt)
  )`;

/** Two open attempts would be two keys at work at once, which is how one order is charged twice. */
const oneOpen = `
  CREATE UNIQUE INDEX one_open_attempt_per_payment ON attempts (order_id)
    WHERE state IN ('SENT', 'UNKNOWN')`;

/**
 * The second lock behind the table in payment-state.ts; a test holds the two against each other.
 */
const guardPayments = `
  CREATE FUNCTION guard_payment() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' THEN
      RAISE EXCEPTION 'a payment is kept for ever: it makes a repeated approval a no-op'
        USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.order_id, NEW.customer_id, NEW.amount, NEW.tax, NEW.currency, NEW.payment_method,
        NEW.lines::text, NEW.placed_at, NEW.approved_event_id)
      IS DISTINCT FROM
       (OLD.order_id, OLD.customer_id, OLD.amount, OLD.tax, OLD.currency, OLD.payment_method,
        OLD.lines::text, OLD.placed_at, OLD.approved_event_id) THEN
      RAISE EXCEPTION 'the approved facts of a payment never change'
        USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.payment_intent_id IS NOT NULL
      AND NEW.payment_intent_id IS DISTINCT FROM OLD.payment_intent_id THEN
      RAISE EXCEPTION 'the PaymentIntent of an order is set once'
        USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN (
      'CREATING>CONFIRMING', 'CREATING>DECLINED', 'CREATING>QUARANTINED',
      'CONFIRMING>PAID', 'CONFIRMING>DECLINED', 'CONFIRMING>QUARANTINED') THEN
      RAISE EXCEPTION 'a payment does not go from % to %', OLD.state, NEW.state
        USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END $$`;

const guardAttempts = `
  CREATE FUNCTION guard_attempt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' THEN
      RAISE EXCEPTION 'an attempt is evidence' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.order_id, NEW.operation, NEW.attempt, NEW.idempotency_key, NEW.request,
        NEW.request_hash, NEW.created_at)
      IS DISTINCT FROM
       (OLD.order_id, OLD.operation, OLD.attempt, OLD.idempotency_key, OLD.request,
        OLD.request_hash, OLD.created_at) THEN
      RAISE EXCEPTION 'the request of an attempt is frozen' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN (
      'SENT>UNKNOWN', 'SENT>SUCCEEDED', 'SENT>DECLINED', 'SENT>FAILED', 'SENT>QUARANTINED',
      'UNKNOWN>SUCCEEDED', 'UNKNOWN>DECLINED', 'UNKNOWN>FAILED', 'UNKNOWN>QUARANTINED') THEN
      RAISE EXCEPTION 'an attempt does not go from % to %', OLD.state, NEW.state
        USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END $$`;

const triggers = [
  `CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON payments
     FOR EACH ROW EXECUTE FUNCTION guard_payment()`,
  `CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON attempts
     FOR EACH ROW EXECUTE FUNCTION guard_attempt()`,
];

export class Payments1700000000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    const own = [payments, due, attempts, oneOpen, guardPayments, guardAttempts, ...triggers];
    for (const statement of [...inboxTables, ...outboxTables, ...own]) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
