import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The books as a table, written by the sink and by nobody else.
 *
 * Guarantee: a row never changes and never goes. The same entry again changes nothing, other
 * content under a known id is refused, and so is every DELETE and TRUNCATE, whoever asks.
 * Threat: the sink upserts, and for an upsert the last write wins. A second charge, or a topic that
 * was rebuilt wrongly, would rewrite history in silence. The engine refuses changed content before
 * it reaches the topic; this is the second lock, for the day when something else writes there.
 * Not promised: protection from the table's owner, who can drop the triggers. His rights to write
 * are taken away, so that it takes intent.
 *
 * `entry` holds the very bytes of the record; everything else is generated from them, so the two
 * cannot differ.
 */
const isBalanced = `
  CREATE FUNCTION is_balanced(entry jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT count(*) >= 2
      AND bool_and((leg ->> 'amount')::bigint > 0)
      AND sum((leg ->> 'amount')::bigint) FILTER (WHERE leg ->> 'direction' = 'debit')
        = sum((leg ->> 'amount')::bigint) FILTER (WHERE leg ->> 'direction' = 'credit')
    FROM jsonb_array_elements(entry -> 'legs') AS leg
  $$`;

const entries = `
  CREATE TABLE ledger_entries (
    transaction_id text PRIMARY KEY,
    entry text NOT NULL,
    order_id text NOT NULL GENERATED ALWAYS AS ((entry::jsonb) ->> 'orderId') STORED,
    kind text NOT NULL GENERATED ALWAYS AS ((entry::jsonb) ->> 'kind') STORED,
    currency text NOT NULL GENERATED ALWAYS AS ((entry::jsonb) ->> 'currency') STORED,
    gateway_reference text NOT NULL
      GENERATED ALWAYS AS ((entry::jsonb) ->> 'gatewayReference') STORED,
    -- text: reading a time depends on the session's settings, and a generated column must not
    occurred_at text NOT NULL GENERATED ALWAYS AS ((entry::jsonb) ->> 'occurredAt') STORED,
    written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK ((entry::jsonb) ->> 'transactionId' = transaction_id),
    CHECK (is_balanced(entry::jsonb) IS TRUE)
  )`;

const entriesByOrder = `CREATE INDEX ledger_entries_by_order ON ledger_entries (order_id)`;

const keepContent = `
  CREATE FUNCTION keep_content() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.transaction_id = OLD.transaction_id AND NEW.entry = OLD.entry
        AND NEW.written_at = OLD.written_at THEN
      RETURN NULL;
    END IF;
    RAISE EXCEPTION 'ledger entry % is written with other content', OLD.transaction_id
      USING ERRCODE = 'integrity_constraint_violation';
  END $$`;

const refuse = `
  CREATE FUNCTION refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'ledger entries are never removed: % refused', TG_OP
      USING ERRCODE = 'integrity_constraint_violation';
  END $$`;

const triggers = [
  `CREATE TRIGGER equal_or_refused BEFORE UPDATE ON ledger_entries
   FOR EACH ROW EXECUTE FUNCTION keep_content()`,
  `CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON ledger_entries
   FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal()`,
];

const legs = `
  CREATE VIEW ledger_legs AS
  SELECT transaction_id, order_id, currency, leg.number AS leg_number,
    leg.value ->> 'account' AS account, leg.value ->> 'direction' AS direction,
    (leg.value ->> 'amount')::bigint AS amount
  FROM ledger_entries,
    jsonb_array_elements((entry::jsonb) -> 'legs') WITH ORDINALITY AS leg (value, number)`;

const balances = `
  CREATE VIEW balances AS
  SELECT account, currency,
    coalesce(sum(amount) FILTER (WHERE direction = 'debit'), 0) AS debits,
    coalesce(sum(amount) FILTER (WHERE direction = 'credit'), 0) AS credits
  FROM ledger_legs GROUP BY account, currency`;

const rights = [
  `REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ledger_entries FROM CURRENT_USER`,
  `GRANT SELECT, INSERT, UPDATE ON ledger_entries TO ledger_sink`,
];

export class CreateLedger implements MigrationInterface {
  readonly name = 'CreateLedger1700000000001';

  async up(db: QueryRunner): Promise<void> {
    const table = [isBalanced, entries, entriesByOrder, keepContent, refuse, ...triggers];
    for (const statement of [...table, legs, balances, ...rights]) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
