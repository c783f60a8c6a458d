import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Rows of the books are written once and never touched again: the witness must not be able to
 * change its mind.
 */
const appendOnly = (table: string): string => `
  CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`;

const statements = [
  `CREATE TABLE payment_intents (
     id text PRIMARY KEY,
     amount integer NOT NULL CHECK (amount BETWEEN 1 AND 99999999),
     currency text NOT NULL CHECK (currency ~ '^[a-z]{3}$'),
     status text NOT NULL CHECK (status IN ('requires_payment_method', 'requires_confirmation',
       'requires_action', 'succeeded', 'canceled')),
     payment_method text,
     metadata json NOT NULL,
     description text,
     last_payment_error json,
     latest_charge text,
     cancellation_reason text,
     canceled_at timestamptz,
     created timestamptz NOT NULL)`,
  `CREATE INDEX payment_intents_created ON payment_intents (created DESC, id)`,

  `CREATE TABLE charges (
     sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     id text NOT NULL UNIQUE,
     payment_intent text NOT NULL REFERENCES payment_intents,
     order_id text,
     amount integer NOT NULL CHECK (amount > 0),
     currency text NOT NULL,
     status text NOT NULL CHECK (status IN ('succeeded', 'failed')),
     payment_method text NOT NULL,
     failure_code text,
     decline_code text,
     failure_message text,
     balance_transaction text CHECK ((balance_transaction IS NULL) = (status = 'failed')),
     fee integer CHECK ((fee IS NULL) = (status = 'failed')),
     metadata json NOT NULL,
     idempotency_key text,
     created timestamptz NOT NULL)`,
  // An intent makes at most one successful charge, whatever the code above this line believes.
  `CREATE UNIQUE INDEX one_successful_charge_per_intent ON charges (payment_intent)
     WHERE status = 'succeeded'`,
  `CREATE INDEX charges_order ON charges (order_id)`,

  `CREATE TABLE refunds (
     sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     id text NOT NULL UNIQUE,
     charge text NOT NULL REFERENCES charges (id),
     payment_intent text NOT NULL REFERENCES payment_intents,
     order_id text,
     amount integer NOT NULL CHECK (amount > 0),
     currency text NOT NULL,
     status text NOT NULL,
     metadata json NOT NULL,
     idempotency_key text,
     created timestamptz NOT NULL)`,
  `CREATE INDEX refunds_order ON refunds (order_id)`,

  `CREATE TABLE requests (
     sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     id text NOT NULL UNIQUE,
     method text NOT NULL,
     path text NOT NULL,
     idempotency_key text,
     parameters_hash text NOT NULL,
     order_id text,
     created timestamptz NOT NULL)`,
  `CREATE INDEX requests_order ON requests (order_id)`,
  `CREATE INDEX requests_key ON requests (idempotency_key)`,
  // A request without an answer here was killed on the way: its effect, if any, is rolled back or
  // in the books.
  `CREATE TABLE answers (
     request text PRIMARY KEY REFERENCES requests (id),
     status integer NOT NULL,
     replayed boolean NOT NULL,
     fault text,
     created timestamptz NOT NULL)`,

  `CREATE TABLE idempotency_keys (
     key text PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 255),
     endpoint text NOT NULL,
     parameters text NOT NULL,
     request text NOT NULL,
     status integer,
     body text,
     created timestamptz NOT NULL)`,
  `CREATE INDEX idempotency_keys_created ON idempotency_keys (created)`,

  `CREATE TABLE faults (
     id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     operation text NOT NULL,
     moment text NOT NULL,
     effect text NOT NULL,
     delay_ms integer NOT NULL,
     nth integer NOT NULL,
     count integer NOT NULL,
     order_id text,
     seen integer NOT NULL DEFAULT 0,
     fired integer NOT NULL DEFAULT 0)`,

  `CREATE TABLE clock (
     one boolean PRIMARY KEY DEFAULT true CHECK (one),
     offset_ms bigint NOT NULL)`,
  `INSERT INTO clock (offset_ms) VALUES (0)`,

  `CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
     END $$`,
  ...['charges', 'refunds', 'requests', 'answers'].map(appendOnly),
];

export class Books1700000000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const statement of statements) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
