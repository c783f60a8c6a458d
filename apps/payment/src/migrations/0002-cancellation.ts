import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Cancelling and refunding.
 *
 * A cancel may come before its approval. Then the row is there first, VOIDED and without the facts
 * of an approval, so that both events take turns at one row whichever comes first; it gets its
 * facts once, with the approval.
 */
const facts = [
  'customer_id',
  'amount',
  'tax',
  'currency',
  'payment_method',
  'lines',
  'placed_at',
  'approved_event_id',
  'traceparent',
];
const factsOf = (row: 'OLD' | 'NEW'): string =>
  facts.map((fact) => `${row}.${fact}${fact === 'lines' ? '::text' : ''}`).join(', ');

const payments = `
  ALTER TABLE payments
    ${facts.map((fact) => `ALTER COLUMN ${fact} DROP NOT NULL,`).join('\n    ')}
    ADD COLUMN cancel_event_id uuid,
    ADD COLUMN cancel_requested_at timestamptz
      CHECK ((cancel_requested_at IS NULL) = (cancel_event_id IS NULL)),
    ADD COLUMN refund_reference text UNIQUE,
    ADD COLUMN refunded_at timestamptz,
    ADD COLUMN refunded_xid xid8,
    DROP CONSTRAINT payments_state_check,
    ADD CONSTRAINT payments_state_check CHECK (state IN ('VOIDED', 'CREATING', 'CONFIRMING',
      'CANCELLING', 'PAID', 'REFUNDING', 'CANCELLED', 'REFUNDED', 'DECLINED', 'QUARANTINED')),
    ADD CONSTRAINT approved_unless_voided CHECK (
      num_nulls(${facts.join(', ')}) = CASE state WHEN 'VOIDED' THEN ${facts.length} ELSE 0 END),
    ADD CONSTRAINT cancelled_on_request CHECK (cancel_event_id IS NOT NULL
      OR state NOT IN ('VOIDED', 'CANCELLING', 'CANCELLED', 'REFUNDING', 'REFUNDED')),
    ADD CONSTRAINT charged_by_an_intent CHECK (num_nulls(payment_intent_id, fee) = 0
      OR state NOT IN ('PAID', 'REFUNDING', 'REFUNDED')),
    ADD CONSTRAINT refunded_by_a_refund CHECK (
      num_nulls(refund_reference, refunded_at, refunded_xid)
        = CASE state WHEN 'REFUNDED' THEN 0 ELSE 3 END)`;

const due = [
  `DROP INDEX payments_due`,
  `CREATE INDEX payments_due ON payments (next_try_at)
     WHERE state IN ('CREATING', 'CONFIRMING', 'CANCELLING', 'REFUNDING')`,
];

const attempts = `
  ALTER TABLE attempts
    DROP CONSTRAINT attempts_operation_check,
    ADD CONSTRAINT attempts_operation_check
      CHECK (operation IN ('create', 'confirm', 'cancel', 'refund')),
    DROP CONSTRAINT attempts_state_check,
    ADD CONSTRAINT attempts_state_check CHECK (state IN ('SENT', 'UNKNOWN', 'SUPERSEDED',
      'SUCCEEDED', 'DECLINED', 'FAILED', 'QUARANTINED')),
    ADD CONSTRAINT only_a_confirmation_is_superseded
      CHECK (state <> 'SUPERSEDED' OR operation = 'confirm')`;

/**
 * The second lock behind the table in payment-state.ts; a test holds the two against each other.
 */
const guardPayments = `
  CREATE OR REPLACE FUNCTION guard_payment() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' THEN
      RAISE EXCEPTION 'a payment is kept for ever: it makes a repeated approval a no-op'
        USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> 'VOIDED'
      AND (NEW.order_id, ${factsOf('NEW')}) IS DISTINCT FROM (OLD.order_id, ${factsOf('OLD')}) THEN
      RAISE EXCEPTION 'the approved facts of a payment never change'
        USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.payment_intent_id IS NOT NULL
      AND NEW.payment_intent_id IS DISTINCT FROM OLD.payment_intent_id THEN
      RAISE EXCEPTION 'the PaymentIntent of an order is set once'
        USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.cancel_event_id IS NOT NULL
      AND (NEW.cancel_event_id, NEW.cancel_requested_at)
        IS DISTINCT FROM (OLD.cancel_event_id, OLD.cancel_requested_at) THEN
      RAISE EXCEPTION 'the first cancel of an order is the one that is remembered'
        USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.decided_at IS NOT NULL
      AND (NEW.decided_at, NEW.decided_xid, NEW.fee, NEW.fee_currency)
        IS DISTINCT FROM (OLD.decided_at, OLD.decided_xid, OLD.fee, OLD.fee_currency) THEN
      RAISE EXCEPTION 'a payment is decided once' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.refunded_at IS NOT NULL
      AND (NEW.refund_reference, NEW.refunded_at, NEW.refunded_xid)
        IS DISTINCT FROM (OLD.refund_reference, OLD.refunded_at, OLD.refunded_xid) THEN
      RAISE EXCEPTION 'a payment is refunded once' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN (
      'VOIDED>CANCELLED',
      'CREATING>CONFIRMING', 'CREATING>CANCELLING', 'CREATING>DECLINED', 'CREATING>QUARANTINED',
      'CONFIRMING>PAID', 'CONFIRMING>CANCELLING', 'CONFIRMING>DECLINED',
      'CONFIRMING>QUARANTINED',
      'CANCELLING>CANCELLED', 'CANCELLING>PAID', 'CANCELLING>QUARANTINED',
      'PAID>REFUNDING', 'REFUNDING>REFUNDED', 'REFUNDING>QUARANTINED') THEN
      RAISE EXCEPTION 'a payment does not go from % to %', OLD.state, NEW.state
        USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END $$`;

const guardAttempts = `
  CREATE OR REPLACE FUNCTION guard_attempt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
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
      'SENT>UNKNOWN', 'SENT>SUPERSEDED',
      'SENT>SUCCEEDED', 'SENT>DECLINED', 'SENT>FAILED', 'SENT>QUARANTINED',
      'UNKNOWN>SUPERSEDED',
      'UNKNOWN>SUCCEEDED', 'UNKNOWN>DECLINED', 'UNKNOWN>FAILED', 'UNKNOWN>QUARANTINED',
      'SUPERSEDED>SUCCEEDED', 'SUPERSEDED>DECLINED', 'SUPERSEDED>FAILED',
      'SUPERSEDED>QUARANTINED') THEN
      RAISE EXCEPTION 'an attempt does not go from % to %', OLD.state, NEW.state
        USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END $$`;

export class Cancellation1700000000002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    const statements = [payments, ...due, attempts, guardPayments, guardAttempts];
    for (const statement of statements) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
