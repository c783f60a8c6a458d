import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the gateway tells by itself: events for ever, and whom they were sent to. */
const statements = [
  `CREATE TABLE events (
     sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     id text NOT NULL UNIQUE,
     type text NOT NULL,
     order_id text,
     idempotency_key text,
     object json NOT NULL,
     created timestamptz NOT NULL)`,
  `CREATE INDEX events_order ON events (order_id)`,
  `CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events
     FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
  `CREATE TABLE webhook_deliveries (
     event text NOT NULL REFERENCES events (id),
     copy integer NOT NULL,
     planned timestamptz,
     lost boolean NOT NULL DEFAULT false,
     tries integer NOT NULL DEFAULT 0,
     due timestamptz,
     delivered timestamptz,
     PRIMARY KEY (event, copy))`,
  `CREATE INDEX webhook_deliveries_unplanned ON webhook_deliveries (event) WHERE planned IS NULL`,
  `CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due) WHERE delivered IS NULL`,
  `ALTER TABLE faults ADD COLUMN copies integer NOT NULL DEFAULT 1`,
];

export class Events1700000000003 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const statement of statements) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
