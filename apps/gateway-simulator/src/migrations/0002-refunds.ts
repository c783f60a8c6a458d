import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Refunds become real. The sum rule is the database's: whoever inserts a refund takes the charge's
 * row, so that two at once are added up one after the other.
 */
const statements = [
  `ALTER TABLE refunds
     ADD COLUMN reason text,
     ADD COLUMN balance_transaction text NOT NULL,
     ADD CHECK (status = 'succeeded')`,
  `CREATE INDEX refunds_payment_intent ON refunds (payment_intent)`,
  `CREATE INDEX refunds_charge ON refunds (charge)`,
  `CREATE FUNCTION guard_refund() RETURNS trigger LANGUAGE plpgsql AS $$
     DECLARE
       charged charges;
       returned bigint;
     BEGIN
       SELECT * INTO charged FROM charges WHERE id = NEW.charge FOR UPDATE;
       SELECT coalesce(sum(amount), 0) INTO returned FROM refunds WHERE charge = NEW.charge;
       IF charged.status <> 'succeeded' OR charged.currency <> NEW.currency
         OR charged.payment_intent <> NEW.payment_intent
         OR returned + NEW.amount > charged.amount THEN
         RAISE EXCEPTION 'a refund returns what was captured, and no more of it'
           USING ERRCODE = 'restrict_violation';
       END IF;
       RETURN NEW;
     END $$`,
  `CREATE TRIGGER refunds_within_capture BEFORE INSERT ON refunds
     FOR EACH ROW EXECUTE FUNCTION guard_refund()`,
];

export class Refunds1700000000002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const statement of statements) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
