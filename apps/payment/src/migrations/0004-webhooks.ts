import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the gateway told by itself: each event once, by its id. */
const statements = [
  `CREATE TABLE webhook_events (
     id text PRIMARY KEY,
     type text NOT NULL,
     created timestamptz NOT NULL,
     order_id uuid,
     intent_id text,
     outcome text NOT NULL CHECK (outcome IN ('looked-at', 'known', 'contradicts', 'not-ours')),
     repeats integer NOT NULL DEFAULT 0,
     repeated_at timestamptz CHECK ((repeated_at IS NULL) = (repeats = 0)),
     received_at timestamptz NOT NULL DEFAULT clock_timestamp())`,
  `CREATE INDEX webhook_events_order ON webhook_events (order_id)`,
];

export class Webhooks1700000000004 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const statement of statements) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('migrations only go forward');
  }
}
